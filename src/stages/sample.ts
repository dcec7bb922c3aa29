import type { Entry, Level, Stage } from '../core/types.ts'
import { holding } from './_before.ts'
import { createBudget } from './_budget.ts'
import { createClock } from './_clock.ts'
import { levelFrom, type Predicate } from './_match.ts'
import { checkNames, checkNumber } from './_options.ts'

export interface SampleOptions {
  /** Share of the entries to keep, from 0 to 1. @default 1 */
  rate?: number
  /** All entries of a trace are kept or none, as the last 8 hex digits of its id say. @default false */
  traces?: boolean
  /** Entries of this level and above are kept whatever the other options say. @default 'error' */
  level?: Level
  /** So are calls that took so many milliseconds. @default 1000 */
  slow?: number
  /** Of each function, at most so many entries in a second, besides those. @default no limit */
  perFunction?: number
  /** About so many entries in a second over all: the share follows the load. @default no limit */
  budget?: number
  /** A number from 0 up to 1. @default Math.random */
  random?: () => number
}

/** What is known of a function's entries. */
interface Tally {
  second: number
  kept: number
  /** Left out since the last one that was kept. */
  dropped: number
}

const FUNCTIONS = 1000

/**
 * Keeps a share of the entries, and every error and slow call. One that is kept by the share says in `extra.sampled`
 * how many of its function it stands for, itself included, when there were others; what is left at the end (`flushSync`
 * or `close`) is told in a message, so the numbers add up. Seconds are those of the entries. Throws for an option that
 * is out of range.
 *
 * @example
 *     pipe(sample({ rate: 0.1, slow: 250, budget: 500 }), jsonSink('app.jsonl'))
 */
export function sample(options: SampleOptions = {}): Stage {
  checkNames('sample', options, ['rate', 'traces', 'level', 'slow', 'perFunction', 'budget', 'random'])
  const { rate = 1, traces, level = 'error', slow = 1000, perFunction = Infinity, random = Math.random } = options
  const { budget = Infinity } = options
  checkNumber('sample', 'rate', rate, 0, 1)
  checkNumber('sample', 'slow', slow, 0)
  checkNumber('sample', 'perFunction', perFunction, 0)
  checkNumber('sample', 'budget', budget, 1)
  const isSevere = levelFrom('sample', level)
  const always: Predicate = (entry) => isSevere(entry) || (entry.durationMs ?? 0) >= slow
  const draw = traces ? (entry: Entry) => ofTrace(entry) ?? random() : random
  return (next) => {
    const tallies = new Map<string, Tally>()
    const share = createBudget(budget)
    const time = createClock()
    let last: Entry | undefined

    function take(entry: Entry): Entry | undefined {
      const second = Math.floor(time(entry) / 1000)
      const kept = always(entry)
      const wanted = share(second, kept)
      if (kept) return entry
      const tally = tallyOf(entry, second)
      if (draw(entry) < Math.min(rate, wanted) && tally.kept < perFunction) {
        const { dropped } = tally
        tally.kept++
        tally.dropped = 0
        return dropped > 0 ? { ...entry, extra: { ...entry.extra, sampled: dropped + 1 } } : entry
      }
      tally.dropped++
      last = entry
    }

    function tallyOf({ kind, module, functionName }: Entry, second: number): Tally {
      const own = `${kind} ${module}:${functionName}`
      // What comes when there are many shares one tally.
      const name = tallies.size < FUNCTIONS || tallies.has(own) ? own : ''
      const tally = tallies.get(name) ?? { second, kept: 0, dropped: 0 }
      if (tally.second !== second) Object.assign(tally, { second, kept: 0 })
      tallies.set(name, tally)
      return tally
    }

    function rest(): Entry[] {
      const left = Array.from(tallies, ([name, { dropped }]) => [name, dropped] as const).filter(
        ([, count]) => count > 0
      )
      for (const tally of tallies.values()) tally.dropped = 0
      return last && left.length > 0 ? [summary(last, left)] : []
    }

    return holding(
      next,
      (entries) => entries.map(take).filter((entry) => entry !== undefined),
      (isEnd) => (isEnd ? rest() : [])
    )
  }
}

/** The same number for all entries of a trace: its random digits, as a fraction. */
function ofTrace({ traceId = '' }: Entry): number | undefined {
  const digits = /[\da-f]{8}$/i.exec(traceId)?.[0]
  return digits ? Number.parseInt(digits, 16) / 2 ** 32 : undefined
}

function summary(last: Entry, left: readonly (readonly [string, number])[]): Entry {
  const { sequence, timestamp, clock, spanId, parentId, environment, version } = last
  const sum = left.reduce((total, [, count]) => total + count, 0)
  const place = { sequence, timestamp, clock, spanId, parentId, environment, version, functionName: '', module: '' }
  const args = [`[nfo] sample left out ${sum} entries`]
  const extra = { dropped: Object.fromEntries(left) }
  return { ...place, kind: 'message', level: 'info', params: [], args, argTypes: ['string'], extra }
}
