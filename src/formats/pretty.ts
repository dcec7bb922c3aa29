import type { Entry, Level } from '../core/types.ts'
import { clip, inspectValue, visible } from './inspect.ts'

export { inspectValue } from './inspect.ts'

export interface PrettyOptions {
  /** ANSI colours. @default false */
  colour?: boolean
  /** Level in the call tree; two spaces each. @default 0 */
  depth?: number
  /** Characters a line should stay within; values are shortened for it. @default 120 */
  width?: number
  /** Local time of day before the line. @default true */
  time?: boolean
}

type Paint = (code: number, text: string) => string

const DIM = 90
const RED = 31
const COLOURS: Record<Level, number> = { debug: DIM, info: 36, warn: 33, error: RED, fatal: 35 }
// Deeper than that, a line has no room left for what it says.
const DEEPEST = 20

/**
 * An entry as one line for a person. Data is escaped, so it cannot steer the terminal.
 *
 * @example
 *     pretty(entry) // 12:30:05.120 DEBUG price(sku: 'a-1', count: 2) → 17.5  1.2 ms
 */
export function pretty(entry: Entry, options: PrettyOptions = {}): string {
  const { colour = false, depth = 0, width = 120, time = true } = options
  const paint: Paint = colour ? (code, text) => (text ? `\x1b[${code}m${text}\x1b[39m` : text) : (_code, text) => text
  const indent = '  '.repeat(Math.min(depth, DEEPEST))
  const level = paint(COLOURS[entry.level], entry.level.toUpperCase().padEnd(5))
  const room = Math.max(40, width - indent.length - (time ? 32 : 19))
  const what = entry.kind === 'message' ? showMessage(entry, room) : showCall(entry, room)
  const parts = [indent + what, showOutcome(entry, room, paint), showDuration(entry, paint)]
  return `${time ? `${paint(DIM, timeOfDay(entry.timestamp))} ` : ''}${level} ${parts.filter(Boolean).join(' ')}`
}

function timeOfDay(epochMs: number): string {
  const date = new Date(epochMs)
  return `${date.toTimeString().slice(0, 8)}.${`${date.getMilliseconds()}`.padStart(3, '0')}`
}

function showMessage({ args, extra }: Entry, room: number): string {
  const text = typeof args[0] === 'string' ? visible(args[0]) : inspectValue(args[0], room)
  return [text, ...showFields(extra, room)].join(' ')
}

function showFields(extra: Record<string, unknown>, room: number): string[] {
  return Object.entries(extra).map(([key, value]) => `${visible(key)}=${inspectValue(value, Math.ceil(room / 3))}`)
}

function showCall({ functionName, args, params }: Entry, room: number): string {
  const name = visible(functionName || 'anonymous')
  const labels = args.map((_value, index) => (params[index] ? `${visible(params[index])}: ` : ''))
  const left = Math.ceil(room * 0.6) - name.length - labels.join(', ').length
  const shown = share(args, left).map((text, index) => labels[index] + text)
  return `${name}(${clip(shown.join(', '), room)})`
}

// What short values leave over goes to the long ones.
function share(values: readonly unknown[], room: number): string[] {
  const texts = values.map((value) => inspectValue(value, Math.max(8, room)))
  const shortFirst = [...texts.keys()].sort((one, other) => texts[one].length - texts[other].length)
  let left = room
  for (const [done, index] of shortFirst.entries()) {
    const allowed = Math.max(8, Math.floor(left / (texts.length - done)))
    if (texts[index].length > allowed) texts[index] = inspectValue(values[index], allowed)
    left -= texts[index].length
  }
  return texts
}

function showOutcome(entry: Entry, room: number, paint: Paint): string {
  const { yields, outcome, async: _async, ...extra } = entry.extra
  const parts = entry.kind === 'call' ? showFields(extra, room) : []
  if (yields !== undefined) parts.unshift(`⇉ ${[`${yields} yields`, outcome].filter(Boolean).join(', ')}`)
  if (entry.exception !== undefined || entry.exceptionType !== undefined) parts.unshift(showError(entry, room, paint))
  else if (entry.returnValue !== undefined) parts.unshift(`→ ${inspectValue(entry.returnValue, Math.ceil(room * 0.4))}`)
  return parts.join(' ')
}

function showError({ exceptionType, exception, traceback }: Entry, room: number, paint: Paint): string {
  const error = [exceptionType || 'Error', exception].filter(Boolean).join(': ')
  const origin = clip(visible(firstOwnLine(traceback)), room)
  return paint(RED, `✗ ${clip(visible(error), room)}`) + (origin && ` ${paint(DIM, origin)}`)
}

// V8 indents its frames and says `at`; the others write `name@url:line:column`.
function firstOwnLine(traceback = ''): string {
  const frames = traceback.split('\n').filter((line) => /^\s+at \S|^\S*@\S+:\d+:\d+$/.test(line))
  return frames.find((line) => !/node:|node_modules|ext:|native|<anonymous>/.test(line))?.trim() ?? ''
}

function showDuration({ durationMs, kind, open }: Entry, paint: Paint): string {
  const text = durationMs === undefined ? '' : ` ${duration(durationMs)}`
  if (open) return paint(COLOURS.warn, `… still running${text}`)
  return kind === 'message' ? '' : paint(DIM, text)
}

function duration(ms: number): string {
  if (ms < 1) return `${Number((ms * 1000).toFixed(ms < 0.01 ? 1 : 0))} µs`
  if (ms < 1000) return `${ms.toFixed(1)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/**
 * The depth of each entry in the call tree; `known` maps spans to depths, from earlier batches too, and learns those of this
 * one. The caller bounds it. A caller that is not known counts as one level.
 */
export function treeDepths(entries: readonly Entry[], known: Map<number, number> = new Map()): number[] {
  const parents = new Map<number, number>()
  for (const { kind, spanId, parentId } of entries) if (kind === 'call') parents.set(spanId, parentId)
  return entries.map(({ kind, spanId, parentId }) =>
    kind === 'call' ? depthOf(spanId, parents, known) : depthOf(parentId, parents, known) + 1
  )
}

// A loop, since recursion can be deeper than the stack is here; `parents` gives up each span, so a circle ends too.
function depthOf(spanId: number, parents: Map<number, number>, known: Map<number, number>): number {
  const path: number[] = []
  let span = spanId
  for (let parent = parents.get(span); parent !== undefined; parent = parents.get(span)) {
    parents.delete(span)
    path.push(span)
    span = parent
  }
  let depth = known.get(span) ?? (span === 0 ? -1 : 0)
  for (const child of path.reverse()) known.set(child, ++depth)
  return depth
}
