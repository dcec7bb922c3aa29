import type { Entry } from '../core/types.ts'
import { clip, inspectValue, visible } from './inspect.ts'
import { LEVEL_NAMES } from './row.ts'
import { isoMicros } from './time.ts'

/** Begins a file. */
export const markdownHead = '# Logs\n\n'

// In UTF-16 units. Markdown is for reading; CSV and JSON keep everything.
const VALUE = 2000
const TEXT = 20_000

/**
 * An entry as a section of Markdown, for people: a heading with time, level and name, a list, and a rule at the end, without
 * the last line's end. It cannot be read back: a value is shown as by `inspectValue` and cut at 2,000 characters, a text of
 * several lines, such as a stack, at 20,000.
 *
 * Data is never markup: it stands in code spans and fenced blocks, both longer than any run of backticks inside, and control,
 * invisible and text-reversing characters and lone surrogates are shown as escapes. A block belongs to its list item, so one
 * that was torn ends at the next heading.
 */
export function toMarkdown(entry: Entry): string {
  const name = entry.functionName && ` | ${code(entry.functionName)}`
  const items = [...ownItems(entry), ...contextItems(entry)].filter(([, text]) => text)
  const list = items.map(([label, text]) => `- **${label}:** ${text}`).join('\n')
  return `## ${isoMicros(entry.timestamp)} | ${LEVEL_NAMES[entry.level]}${name}\n\n${list}\n\n---`
}

type Item = readonly [label: string, text: string | false | undefined]

function ownItems(entry: Entry): Item[] {
  const { kind, module, args, argTypes, exception, exceptionType, traceback } = entry
  const isCall = kind === 'call'
  const failed = exception !== undefined || exceptionType !== undefined
  return [
    ['Message', !isCall && prose(typeof args[0] === 'string' ? args[0] : inspectValue(args[0], VALUE))],
    ['Module', module && code(module)],
    ['Args', isCall && args.length > 0 && code(showArguments(entry), TEXT)],
    ['Arg types', isCall && argTypes.length > 0 && code(argTypes.join(', '))],
    ['Duration', showDuration(entry)],
    ['Return', showReturn(entry)],
    ['Exception', failed && `${code(exceptionType || 'Error')}${exception ? `: ${prose(exception)}` : ''}`],
    ['Traceback', traceback && block(traceback)]
  ]
}

function contextItems({ environment, traceId, version, llmAnalysis, extra }: Entry): Item[] {
  return [
    ['Environment', environment && code(environment)],
    ['Trace ID', traceId && code(traceId)],
    ['Version', version && code(version)],
    ['LLM Analysis', llmAnalysis && prose(llmAnalysis)],
    ...Object.keys(extra).map((key) => [code(key), code(inspectValue(extra[key], VALUE))] as const)
  ]
}

function showArguments({ args, params }: Entry): string {
  return args.map((value, index) => (params[index] ? `${params[index]}: ` : '') + inspectValue(value, VALUE)).join(', ')
}

function showDuration({ kind, durationMs, clock, open }: Entry): string | false {
  if (open) return `still running${durationMs === undefined ? '' : ` after ${Number(durationMs)} ms`}`
  if (durationMs !== undefined) return `${Number(durationMs)} ms`
  return kind === 'call' && clock === 'frozen' && 'unknown, the clock stood still'
}

function showReturn({ returnValue, returnType }: Entry): string | false {
  if (returnValue === undefined) return false
  return code(inspectValue(returnValue, VALUE)) + (returnType ? ` (${code(returnType)})` : '')
}

const prose = (text: string): string => (/[\n\r]/.test(text) ? block(text) : code(text, TEXT))

function code(text: string, limit = VALUE): string {
  const shown = clip(visible(text.slice(0, limit + 1)), limit) || ' '
  const ticks = '`'.repeat(longestRun(shown) + 1)
  // Of blanks at both ends, a reader takes one away, unless there is nothing else.
  const pad = /[^ ]/.test(shown) && /^[ `]|[ `]$/.test(shown) ? ' ' : ''
  return ticks + pad + shown + pad + ticks
}

function block(text: string): string {
  const lines = clip(text, TEXT)
    .trimEnd()
    .split(/\r\n|[\n\r]/)
  const shown = lines.map((line) => `  ${visible(line)}`).join('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1))
  return `\n  ${fence}\n${shown}\n  ${fence}`
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
}
