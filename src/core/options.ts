import { secretNames } from './redact.ts'
import type { Recorder } from './ring.ts'
import { captureLimits, LEVELS } from './sites.ts'
import type { CaptureLimits, Level, Sink } from './types.ts'

export interface LoggerOptions {
  /** Calls and messages below it are not recorded; failures are errors. @default 'debug' */
  level?: Level
  /** Where entries go. @default none: they stay in the ring until newer ones take their place */
  sinks?: readonly Sink[]
  /**
   * `continuous`: as they come. `on-error`: silent until something fails, then everything that is held.
   * `manual`: only when `flush()` or `flushSync()` is called. @default 'continuous'
   */
  delivery?: 'continuous' | 'on-error' | 'manual'
  /**
   * What happens when entries come faster than they are taken: `block` writes them before the call goes on,
   * `drop-oldest` and `drop-newest` count what they give up.
   * @default 'block' when every sink can write synchronously (it has `flushSync`), else 'drop-oldest'
   */
  overflow?: 'block' | 'drop-oldest' | 'drop-newest'
  /** Bytes of the ring, a power of two from 32 KiB to 1 GiB. @default 65536 */
  ring?: number
  /** Longest time from a call to the sinks, in milliseconds. @default 100 */
  interval?: number
  /** Entries that may wait for one slow sink; the oldest are dropped beyond that. @default 10000 */
  queue?: number
  /** Parameter, property and header names to leave out besides the usual ones. */
  redact?: readonly string[]
  capture?: CaptureLimits
  /** Written to every entry. */
  environment?: string
  /** Written to every entry. */
  version?: string
  /** Whether the end of the process is waited for, to write what is left. @default true */
  exitHooks?: boolean
  /** A file that survives what nothing else does: SIGKILL, running out of memory, an endless loop. Its path, or more. */
  record?: string | RecordOptions
}

/** The record file. One process, one path: a second one at the same path takes it over. */
export interface RecordOptions {
  /** What an earlier run left there is kept beside it, with `.1` behind its name. */
  path: string
  /** Bytes of the file, from 65536 to 1 GiB. It never grows. @default 1048576 */
  size?: number
  /** How often the thread writes what is new, in milliseconds from 1 up. @default 5 */
  interval?: number
  /** `each`: a call is in the file before it returns, for some microseconds a call. @default 'interval' */
  durability?: 'interval' | 'each'
  /** Whether the thread waits for the disk, so that a power cut takes no more than `interval`. @default false */
  fsync?: boolean
}

/** A ring that a file follows. */
export interface Recording {
  close(): void
}

/** Options with their defaults, checked. */
export type Settings = Required<Omit<LoggerOptions, 'redact' | 'capture' | 'record'>> & {
  redact: ReadonlySet<string> | undefined
  limits: Pick<Recorder, 'maxDepth' | 'maxItems' | 'maxString'>
}

const CHOICES: Record<string, readonly string[]> = {
  level: LEVELS,
  delivery: ['continuous', 'on-error', 'manual'],
  overflow: ['block', 'drop-oldest', 'drop-newest']
}
const OTHERS = [
  'sinks',
  'ring',
  'interval',
  'queue',
  'redact',
  'capture',
  'environment',
  'version',
  'exitHooks',
  'record'
]
const SMALLEST_RING = 32_768
const LARGEST_RING = 2 ** 30

/** Checks what a user gave and fills in the rest. Throws an error that names the option and the fix. */
export function readOptions(options: LoggerOptions, ring: Recorder): Settings {
  rejectUnknown('logger', 'option', Object.keys(options), [...Object.keys(CHOICES), ...OTHERS])
  for (const [name, known] of Object.entries(CHOICES)) {
    const value = (options as Record<string, unknown>)[name]
    if (value !== undefined) rejectUnknown('logger', name, [String(value)], known)
  }
  const { sinks = [], ring: bytes = ring.size, interval = 100, queue = 10_000 } = options
  const wrong = sinks.findIndex((sink) => typeof sink?.write !== 'function')
  if (wrong >= 0)
    throw new TypeError(`[nfo] [logger] sinks[${wrong}] has no write function; pass a sink, such as memorySink()`)
  if (!(bytes >= SMALLEST_RING && bytes <= LARGEST_RING && Number.isInteger(Math.log2(bytes)))) {
    throw new RangeError(
      `[nfo] [logger] ring is ${bytes}; use a power of two from ${SMALLEST_RING} to ${LARGEST_RING} bytes`
    )
  }
  if (!(interval >= 0)) throw new RangeError(`[nfo] [logger] interval is ${interval}; use milliseconds from 0 up`)
  if (!(queue > 0)) throw new RangeError(`[nfo] [logger] queue is ${queue}; use a number of entries above 0`)
  return {
    sinks,
    ring: bytes,
    interval,
    queue,
    level: options.level ?? 'debug',
    delivery: options.delivery ?? 'continuous',
    overflow: options.overflow ?? (sinks.every((sink) => sink.flushSync) ? 'block' : 'drop-oldest'),
    environment: options.environment ?? '',
    version: options.version ?? '',
    exitHooks: options.exitHooks ?? true,
    redact: options.redact?.length ? secretNames(options.redact) : undefined,
    limits: captureLimits(options.capture, ring)
  }
}

/** Throws for the first name that is not known, with the known one that is nearest. */
export function rejectUnknown(part: string, what: string, names: readonly string[], known: readonly string[]): void {
  const name = names.find((given) => !known.includes(given))
  if (name === undefined) return
  const near = known.find((other) => similar(name, other))
  const fix = near ? `did you mean '${near}'?` : `use one of ${known.join(', ')}`
  throw new TypeError(`[nfo] [${part}] unknown ${what} '${name}'; ${fix}`)
}

/** Whether one is the other with at most two letters added, lost, or changed. */
export function similar(one: string, other: string): boolean {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const change = row[j - 1] + +(one[i - 1].toLowerCase() !== other[j - 1].toLowerCase())
      next[j] = Math.min(change, row[j] + 1, next[j - 1] + 1)
    }
    row = next
  }
  return row[other.length] <= Math.min(2, other.length / 2)
}
