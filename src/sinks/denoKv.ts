import { rejectUnknown } from '../core/options.ts'
import { LEVELS } from '../core/sites.ts'
import type { Entry, Level, Sink } from '../core/types.ts'
import { fromJson } from '../formats/json.ts'
import { parseSpan } from '../formats/time.ts'
import { parseMoment } from '../store/time.ts'
import { connection, type DenoKv, type Key } from './_kvHandle.ts'
import { batches, crashText, MOST_CHANGES } from './_kvTexts.ts'

export type { DenoKv } from './_kvHandle.ts'

export interface DenoKvOptions {
  /** Entries that are kept, the newest ones, of each process that writes at the same time. @default 1000 */
  entries?: number
  /** The lowest level of what is kept. @default 'error' */
  level?: Level
  /** Entries before the last failure that are kept with it, of any level; less when they need more than 64 KiB. @default 100 */
  before?: number
  /** Milliseconds, or text such as `'24h'` or `'7d'`, after which KV forgets an entry. @default never */
  maxAge?: number | string
  /** What the keys begin with: `[…prefix, 'entry', timestamp, process, sequence]` and `[…prefix, 'crash']`. @default ['nfo'] */
  prefix?: readonly (string | number)[]
}

export interface DenoKvRange {
  /** Epoch milliseconds, a `Date`, ISO text, or a span before now such as `'24h'`. @default all */
  since?: number | string | Date
  /** As `since`; what began then is left out. @default all */
  until?: number | string | Date
  /** Entries at most, the newest ones. @default 100 */
  limit?: number
}

export interface DenoKvSink extends Sink {
  /** What is kept, oldest first. */
  entries(range?: DenoKvRange): Promise<Entry[]>
  /** The last failure, behind the entries before it; empty when there was none. */
  crash(): Promise<Entry[]>
}

/** Between two writes of the last failure, which is large. */
const PAUSE = 1000

/**
 * Keeps the last errors in Deno KV by their time, and the last failure with what came before it. `to` is a `Deno.Kv`, or a path
 * that is opened at the first batch; without it, the default database of the program. Deno needs `--unstable-kv`, and for a path
 * `--allow-read` and `--allow-write`. KV only answers with promises, so what is recorded last needs an awaited `flush()`. An entry
 * that needs more than 64 KiB is shortened. `write` rejects when KV refused; a handle of yours is not closed.
 *
 * @example
 *     const errors = denoKvSink(await Deno.openKv(), { maxAge: '7d' })
 *     configure({ sinks: [errors] })
 *     for (const { functionName, exception } of await errors.entries({ since: '24h' })) console.log(functionName, exception)
 */
export function denoKvSink(to?: DenoKv | string, options: DenoKvOptions = {}): DenoKvSink {
  const { entries: most = 1000, level = 'error', before = 100, maxAge, prefix = ['nfo'] } = options
  rejectUnknown('denoKv', 'level', [level], LEVELS)
  const expiry = { expireIn: maxAge === undefined ? undefined : duration(maxAge) }
  if (!(Number.isInteger(most) && most > 0 && before >= 0)) {
    throw new RangeError('[nfo] [denoKv] entries and before are limits; give whole numbers above 0')
  }
  const lowest = LEVELS.indexOf(level)
  const at = (...rest: Key): Key => [...prefix, ...rest]
  const { open, close } = connection(to)
  let process = ''
  let keys: Key[] | undefined
  let recent: Entry[] = []
  /** The last failure, until it is written. */
  let crash: Entry[] | undefined
  let lastCrash = Number.NEGATIVE_INFINITY

  function remember(entries: readonly Entry[]): void {
    const failed = entries.findLastIndex((entry) => LEVELS.indexOf(entry.level) >= LEVELS.indexOf('error'))
    if (failed >= 0) crash = [...recent, ...entries.slice(0, failed + 1)].slice(-before - 1)
    recent = before > 0 ? [...recent, ...entries].slice(-before) : []
  }

  /** Of what is there: this process goes on from it. */
  async function keysIn(kv: DenoKv): Promise<Key[]> {
    const found: Key[] = []
    for await (const { key } of kv.list(range({}))) found.push(key as Key)
    return found
  }

  function range({ since, until }: DenoKvRange): { start: Key; end: Key } {
    return {
      start: at('entry', moment('since', since) ?? 0),
      end: at('entry', moment('until', until) ?? Number.MAX_VALUE)
    }
  }

  async function store(kv: DenoKv, entries: readonly Entry[]): Promise<void> {
    keys ??= await keysIn(kv)
    process ||= crypto.randomUUID().slice(0, 8)
    for (const batch of batches(entries)) {
      const change = kv.atomic()
      for (const { entry, text } of batch) {
        const key = at('entry', entry.timestamp, process, entry.sequence)
        change.set(key, text, expiry)
        keys.push(key)
      }
      const surplus = Math.max(0, keys.length - most)
      for (const key of keys.splice(0, Math.min(surplus, MOST_CHANGES))) change.delete(key)
      await change.commit()
    }
  }

  async function storeCrash(kv: DenoKv, entries: readonly Entry[]): Promise<void> {
    lastCrash = Date.now()
    const change = kv.atomic()
    change.set(at('crash'), crashText(entries), expiry)
    await change.commit()
    if (crash === entries) crash = undefined
  }

  async function give(entries: readonly Entry[], isDue: boolean): Promise<void> {
    if (entries.length === 0 && !(crash && isDue)) return
    const kv = await open()
    try {
      if (entries.length > 0) await store(kv, entries)
      if (crash && isDue) await storeCrash(kv, crash)
    } catch (error) {
      const { message } = error as Error
      throw new Error(`[nfo] [denoKv] cannot write: ${message}; the next batch is tried again`, { cause: error })
    }
  }

  return {
    write(entries) {
      remember(entries)
      const kept = entries.filter((entry) => LEVELS.indexOf(entry.level) >= lowest)
      return give(kept, Date.now() - lastCrash >= PAUSE)
    },
    flush: () => give([], true),
    async close() {
      try {
        await give([], true)
      } finally {
        close()
      }
    },
    async entries({ limit = 100, ...times } = {}) {
      const found: Entry[] = []
      const kv = await open()
      for await (const { value } of kv.list(range(times), { limit, reverse: true })) found.push(fromJson(String(value)))
      return found.reverse()
    },
    async crash() {
      const { value } = await (await open()).get(at('crash'))
      return String(value ?? '')
        .split('\n')
        .filter(Boolean)
        .map(fromJson)
    }
  }
}

function duration(age: number | string): number {
  const ms = typeof age === 'number' ? age : (parseSpan(age) ?? 0)
  if (Number.isFinite(ms) && ms > 0) return ms
  throw new Error(`[nfo] [denoKv] maxAge is ${age}; pass milliseconds or text such as '24h' or '7d'`)
}

function moment(name: string, given: DenoKvRange['since']): number | undefined {
  if (given === undefined) return undefined
  const time = parseMoment(given, Date.now())
  if (time !== undefined) return time
  throw new Error(
    `[nfo] [denoKv] ${name} is no time: ${given}; use milliseconds, a Date, ISO text or a span such as '24h'`
  )
}
