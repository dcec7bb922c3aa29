import { rejectUnknown } from '../core/options.ts'
import type { Level } from '../core/types.ts'
import { LEVEL_NAMES } from '../formats/row.ts'
import { parseSpan } from '../formats/time.ts'
import { parseMoment } from './time.ts'

/** A time: ISO-8601 (UTC where it names no zone), epoch milliseconds, a Date, or a span such as `24h` before now. */
export type Moment = string | number | Date

/** Which entries, in which order. Fields that are absent or undefined ask for nothing; an entry has to meet all others. */
export interface Filter {
  /** This level and above; the Python spellings `WARNING` and `CRITICAL` too, in any case. */
  level?: Level | (string & {})
  /** Only levels error and fatal. A call that threw is an error. @default false */
  errors?: boolean
  kind?: 'call' | 'message'
  /** Name of the function. `*` stands for any characters, `?` for one; case matters. */
  function?: string
  /** The module, with `*` and `?` as in `function`. */
  module?: string
  /** Exactly this; `''` for entries that have none. So are the next two. */
  environment?: string
  trace?: string
  version?: string
  /** Found in the function, module, arguments, result, exception, traceback, analysis or extra fields; case does not matter. */
  text?: string
  /** Milliseconds, or text with a unit: `'250ms'`, `'1.5s'`. What has no duration is left out. */
  minDuration?: number | string
  /** From then on. */
  since?: Moment
  /** Before then. */
  until?: Moment
  /** So long until now: `'30m'`, `'24h'`, `'7d'`. The same as that span in `since`. */
  last?: string
  /** At most so many. @default all */
  limit?: number | string
  /** By time, or the slowest first, those without a duration left out. @default as they were written */
  order?: Order
}

export type Order = 'newest' | 'oldest' | 'slowest'

/** A filter that was checked: plain values only, times in epoch milliseconds. It is a `Filter` itself. */
export interface ParsedFilter {
  level?: Level
  kind?: 'call' | 'message'
  function?: string
  module?: string
  environment?: string
  trace?: string
  version?: string
  text?: string
  minDuration?: number
  since?: number
  until?: number
  limit?: number
  order?: Order
}

const TEXTS = ['function', 'module', 'environment', 'trace', 'version', 'text'] as const
const OTHERS = ['level', 'errors', 'kind', 'minDuration', 'since', 'until', 'last', 'limit', 'order']
const ORDERS = ['newest', 'oldest', 'slowest'] as const
const KINDS = ['call', 'message'] as const
const LEVELS = Object.keys(LEVEL_NAMES) as Level[]
// No name or text of a table can hold these.
const UNSTORABLE = /[\0\p{Cs}]/u

/**
 * Checks a filter, as it comes from a command line or a URL, and takes spans from now. Throws an error that names the field and
 * the fix. Texts stand for numbers too, empty ones for nothing but in `environment`, `trace` and `version`.
 *
 * @example
 *     parseFilter({ level: 'WARNING', last: '24h', limit: '100' })
 */
export function parseFilter(given: unknown = {}): ParsedFilter {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(
      `[nfo] [query] the filter is ${JSON.stringify(given)}; pass an object such as { level: 'error' }`
    )
  }
  const fields = given as Record<string, unknown>
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined)
  rejectUnknown('query', 'field', names, [...TEXTS, ...OTHERS])
  const parsed: ParsedFilter = {}
  for (const name of TEXTS) parsed[name] = text(name, fields[name])
  parsed.level = level(fields.level, flag('errors', fields.errors))
  parsed.kind = choice('kind', fields.kind, KINDS)
  parsed.order = choice('order', fields.order, ORDERS)
  parsed.minDuration = duration(fields.minDuration)
  parsed.limit = limit(fields.limit)
  Object.assign(parsed, moments(fields, Date.now()))
  for (const [name, value] of Object.entries(parsed)) if (value === undefined) delete parsed[name as keyof ParsedFilter]
  return parsed
}

function wrong(name: string, value: unknown, fix: string): TypeError {
  const shown = typeof value === 'string' ? `'${value}'` : String(value)
  return new TypeError(`[nfo] [query] ${name} is ${shown}; ${fix}`)
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw wrong(name, value, 'use text')
  if (UNSTORABLE.test(value)) throw wrong(name, value, 'leave out NUL and half surrogate pairs, no entry holds them')
  return value === '' && (name === 'text' || name === 'function' || name === 'module') ? undefined : value
}

function flag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true
  throw wrong(name, value, 'use true or false')
}

function level(value: unknown, errors: boolean): Level | undefined {
  const given = value === undefined ? undefined : String(value)
  const named = LEVELS.find((name) => given && [name, LEVEL_NAMES[name].toLowerCase()].includes(given.toLowerCase()))
  if (given !== undefined && !named) rejectUnknown('query', 'level', [given], LEVELS)
  return errors && named !== 'fatal' ? 'error' : named
}

function choice<Name extends string>(what: string, value: unknown, known: readonly Name[]): Name | undefined {
  if (value !== undefined) rejectUnknown('query', what, [String(value)], known)
  return value as Name | undefined
}

function duration(value: unknown): number | undefined {
  if (value === undefined) return undefined
  const ms = number(value) ?? (typeof value === 'string' ? parseSpan(value) : undefined)
  if (ms !== undefined && ms >= 0 && ms < Number.POSITIVE_INFINITY) return ms
  throw wrong('minDuration', value, "use milliseconds from 0 up, or text such as '250ms' or '1.5s'")
}

function limit(value: unknown): number | undefined {
  if (value === undefined) return undefined
  const count = number(value)
  if (count !== undefined && Number.isSafeInteger(count) && count >= 0) return count
  throw wrong('limit', value, 'use a whole number from 0 up')
}

function number(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
}

function moments({ since, until, last }: Record<string, unknown>, now: number): Pick<ParsedFilter, 'since' | 'until'> {
  if (last === undefined) return { since: moment('since', since, now), until: moment('until', until, now) }
  if (since !== undefined) throw new TypeError('[nfo] [query] both last and since are given; use one of them')
  const span = typeof last === 'string' ? parseSpan(last) : undefined
  if (span === undefined) throw wrong('last', last, "use a span such as '30m', '24h' or '7d'")
  return { since: now - span, until: moment('until', until, now) }
}

function moment(name: string, value: unknown, now: number): number | undefined {
  if (value === undefined) return undefined
  const time = parseMoment(value, now)
  if (time !== undefined) return time
  const fix = "use a time such as '2026-11-22', '2026-11-22T22:35:57Z' or epoch milliseconds, or a span such as '24h'"
  throw wrong(name, value, fix)
}
