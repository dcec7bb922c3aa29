import { createDecoder } from '../core/decode.ts'
import { walk } from '../core/drain.ts'
import { type Batch, createOutlet } from '../core/outlet.ts'
import { createRegion, type Region } from '../core/ring.ts'
import type { Entry } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import { clockOf } from './clock.ts'
import { levelsOf, loadSinks } from './load.ts'
import type { Message } from './messages.ts'
import { createReport } from './report.ts'
import type { WorkerData } from './source.ts'
import { AT, beat, READY } from './state.ts'
import { createTaker } from './take.ts'

export type { ThreadModule } from './load.ts'

// Kept from before anybody replaces it.
const { now } = performance

/**
 * What runs in the worker of `configure({ thread: true })`: takes records out of the shared ring, decodes them and gives them
 * to the sinks. Not to be called by an app; a bundle has it as a file of its own. The result hears what the main thread sends.
 */
export async function work(data: WorkerData): Promise<(message: Message) => void> {
  const { given, patience, state } = data
  const { words } = state
  const { queue, interval, environment, version } = given
  const levels = levelsOf(given)
  const dictionary = { nameList: data.nameList, sites: data.sites, epoch: data.epoch }
  const decoder = createDecoder(dictionary)
  const clock = clockOf(data.epoch)
  const take = createTaker(data.ring, state, data.everything)
  const sinks = await loadSinks(given, levels)
  const report = createReport(state, sinks.length)
  let cancel: (() => void) | undefined
  let asked = 0
  /** The head when that flush was asked for. */
  let goal = 0
  let answered = 0
  let moved = now.call(performance)

  const outlets = sinks.map((sink, index) =>
    createOutlet(sink, {
      queue,
      settled({ fate, entries }: Batch) {
        moved = now.call(performance)
        report.settled(fate, entries.length)
        report.sinks(outlets)
        beat(state)
      },
      report(error) {
        const text = error instanceof Error ? error.message : String(error)
        const which = `[sink ${index + 1} of ${sinks.length}]`
        runtime.print('stderr', `[nfo] ${which} ${text}; what it does not take is counted as failed`)
      }
    })
  )

  /** A slow sink is waited for, so that its queue does not overflow; one that hangs is not. */
  const isBusy = (): boolean =>
    outlets.some(({ ledger }) => ledger.pending > queue / 2) && now.call(performance) - moved < patience / 2

  function hand(records: Region): void {
    const entries: Entry[] = []
    dictionary.epoch = clock()
    walk(records, 0, records.head, (at) => {
      const entry = decoder.decode(records, at)
      if (!entry) return
      if (environment) entry.environment = environment
      if (version) entry.version = version
      entries.push(entry)
    })
    if (entries.length === 0) return
    const batch: Batch = { entries, waiting: outlets.length, fate: 'delivered' }
    for (const outlet of outlets) {
      outlet.push(batch)
      // After each: another one may be the end of this thread.
      report.sinks(outlets)
    }
  }

  /** Takes a batch. When there is none, or it was far enough, flushes that were asked for are answered. */
  function pump(): void {
    cancel?.()
    const latest = Atomics.load(words, AT.asked)
    if (latest !== asked) {
      asked = latest
      goal = Atomics.load(data.ring.control, 0)
    }
    const taken = isBusy() ? undefined : take()
    if (taken && taken.head > 0) {
      hand(taken)
      beat(state)
    }
    const isThere = taken && (taken.head === 0 || ((words[AT.drained] - goal) | 0) >= 0)
    if (isThere && answered !== asked) answer(asked)
    cancel = runtime.later(pump, taken && taken.head > 0 ? 0 : taken ? interval : Math.min(interval, 1))
  }

  function answer(request: number): void {
    answered = request
    for (const outlet of outlets) outlet.flushSync()
    report.sinks(outlets)
    Atomics.store(words, AT.written, request)
    beat(state)
    void finish(request, Atomics.load(words, AT.closing) === 1)
  }

  async function finish(request: number, closing: boolean): Promise<void> {
    await Promise.all(outlets.map((outlet) => outlet.flush()))
    if (closing) await Promise.all(outlets.map((outlet) => outlet.close()))
    Atomics.store(words, AT.flushed, request)
    beat(state)
  }

  function hear(message: Message): void {
    if (message === null) return pump()
    if ('name' in message) dictionary.nameList.push(message.name)
    else if ('site' in message) dictionary.sites.push(message.site)
    else if ('kept' in message) {
      const { buffer, length } = message.kept
      hand({ ...createRegion(buffer, 0, length * 4), mask: 0x7fffffff, head: length >> 1 })
    } else if (message.modules !== undefined) levels.set(message.modules, message.level)
    else if (message.level) levels.general = message.level
    Atomics.add(words, AT.received, 1)
  }

  Atomics.compareExchange(words, AT.phase, 0, READY)
  beat(state)
  cancel = runtime.later(pump, 0)
  return hear
}
