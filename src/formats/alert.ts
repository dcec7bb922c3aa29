import type { Entry } from '../core/types.ts'
import { clip, inspectValue, visible } from './inspect.ts'
import { LEVEL_NAMES } from './row.ts'
import { isoMicros } from './time.ts'

/** An error for a channel that people read, with how often it came. */
export interface Alert {
  /** The last of its kind. */
  readonly entry: Entry
  /** How many there were since the last post about it, this one included. */
  readonly count: number
  /** How many there were since `first`. */
  readonly total: number
  /** When the first one came, epoch milliseconds. */
  readonly first: number
}

// No service takes more.
const TEXT = 12_000
const VALUE = 500

const messageOf = (text: unknown): string => (typeof text === 'string' ? text : inspectValue(text, VALUE))

/** What it is, in one line: `ERROR`, `price (shop/cart)`, `×12`. The middle is from the user's code. */
export function titleOf({ entry, count, total, first }: Alert): [level: string, name: string, times: string] {
  const { functionName, module, level } = entry
  const name = visible(functionName && module ? `${functionName} (${module})` : functionName || module)
  const since = total > count ? `, ${total} since ${isoMicros(first).slice(0, 19)}Z` : ''
  return [LEVEL_NAMES[level], name, total > 1 ? ` ×${count}${since}` : '']
}

/** What happened, line by line, without control characters; the most telling lines come first. */
export function linesOf({ entry }: Alert): string[] {
  const { kind, args, params, exception, exceptionType, extra, llmAnalysis, environment, version, traceId } = entry
  const shown = (value: unknown, index: number): string =>
    (params[index] ? `${params[index]}: ` : '') + inspectValue(value, VALUE)
  const isCall = kind === 'call'
  const error = exceptionType || exception ? `${exceptionType || 'Error'}: ${exception ?? ''}` : ''
  const place = Object.entries({ environment, version, trace: traceId }).filter(([, text]) => text)
  const parts = [
    isCall ? error : messageOf(args[0]),
    !isCall && error,
    llmAnalysis,
    isCall && args.length > 0 && `(${args.map(shown).join(', ')})`,
    Object.keys(extra).length > 0 && inspectValue(extra, VALUE),
    isoMicros(entry.timestamp) + place.map(([name, text]) => `, ${name} ${text}`).join(''),
    stackOf(entry.traceback ?? '', error)
  ]
  const text = clip(parts.filter(Boolean).join('\n'), TEXT)
  return text.split(/\r\n|[\n\r]/).map(visible)
}

/** Without the message it begins with. */
const stackOf = (traceback: string, error: string): string =>
  (traceback.startsWith(error) ? traceback.slice(error.length) : traceback).trim()

/** A text of at most so many UTF-16 units after `escapeOne`; the last one is an ellipsis when something was cut. */
export function fit(text: string, limit: number, escapeOne: (character: string) => string): string {
  let shown = ''
  for (const character of text) {
    const piece = escapeOne(character)
    if (shown.length + piece.length >= limit) return `${shown}…`
    shown += piece
  }
  return shown
}
