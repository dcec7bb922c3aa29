import type { Entry } from '../core/types.ts'
import { inspectValue } from '../formats/pretty.ts'

/** Local date and time to the millisecond. */
export function moment(epochMs: number): string {
  const date = new Date(epochMs - new Date(epochMs).getTimezoneOffset() * 60_000)
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString().slice(0, 23).replace('T', ' ')
}

/** Milliseconds in the unit that suits them; nothing for what is not known. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return ''
  if (ms < 1) return `${Number((ms * 1000).toFixed(ms < 0.01 ? 1 : 0))} µs`
  if (ms < 1000) return `${ms.toFixed(1)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** A whole number with its thousands apart. */
export const count = (number: number): string => number.toLocaleString('en')

/** What a call was given, or what a message says. */
export function argumentsOf({ kind, args, argTypes, params, extra }: Entry, budget: number): string {
  if (kind === 'message') return [text(args[0], 'text', budget), ...fields(extra, budget)].join(' ')
  const given = args.map((value, index) => {
    return `${params[index] ? `${params[index]}: ` : ''}${text(value, argTypes[index], budget)}`
  })
  // Python keeps them apart.
  const named = typeof extra.kwargs === 'string' ? [extra.kwargs] : []
  return [...given, ...named].join(', ')
}

/** What came of a call. */
export function resultOf(entry: Entry, budget: number): string {
  const { exception, exceptionType, returnValue, returnType, open, extra } = entry
  if (open) return 'still running'
  if (hasFailed(entry)) return [exceptionType || 'Error', exception].filter(Boolean).join(': ')
  if (extra.yields !== undefined) return [`${extra.yields} yields`, extra.outcome].filter(Boolean).join(', ')
  return returnValue === undefined ? '' : text(returnValue, returnType, budget)
}

export const hasFailed = ({ exception, exceptionType }: Entry): boolean =>
  exception !== undefined || exceptionType !== undefined

/** A text whose type is not `string` is how Python shows a value; quoting it again helps nobody. */
function text(value: unknown, type: string | undefined, budget: number): string {
  return typeof value === 'string' && type !== 'string' ? value : inspectValue(value, budget)
}

function fields(extra: Record<string, unknown>, budget: number): string[] {
  return Object.entries(extra).map(([key, value]) => `${key}=${inspectValue(value, budget)}`)
}
