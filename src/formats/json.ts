import type { Entry, Level } from '../core/types.ts'
import { decodeValue, encodeFields, encodeList, encodeValue, quote } from './tagged.ts'

/** How files and databases spell the levels. */
export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL'
}

const OPTIONAL: readonly (readonly [column: string, field: keyof Entry])[] = [
  ['return_value', 'returnValue'],
  ['return_type', 'returnType'],
  ['exception', 'exception'],
  ['exception_type', 'exceptionType'],
  ['traceback', 'traceback'],
  ['duration_ms', 'durationMs'],
  ['environment', 'environment'],
  ['version', 'version'],
  ['trace_id', 'traceId'],
  ['llm_analysis', 'llmAnalysis']
]

let lastSecond = Number.NaN
let lastText = ''

/**
 * Epoch milliseconds as ISO-8601 UTC with microseconds: `2026-11-22T22:35:57.140356+00:00`.
 * What is no time, or lies outside the years 1685 to 2255, is written as 1970.
 */
export function isoMicros(epochMs: number): string {
  const micros = Math.abs(epochMs) < 9e12 ? Math.round(epochMs * 1000) : 0
  const second = Math.floor(micros / 1e6)
  // A batch spans few seconds, and a Date costs more than the rest of the line's head.
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -4)
    lastSecond = second
  }
  return `${lastText}${`${1e6 + micros - second * 1e6}`.slice(1)}+00:00`
}

/** The inverse of `isoMicros`, exact to the microsecond. Takes any ISO-8601 time, without a zone as UTC; else gives 0. */
export function epochMillis(text: string): number {
  const [, day, time, fraction = '', zone = 'Z'] = /^(\S+?)[T ]([\d:]+)(?:\.(\d+))?(\D.*)?$/.exec(text) ?? []
  const micros = Date.parse(`${day}T${time}${zone}`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
  return micros / 1000 || 0
}

/**
 * An entry as one line of JSON, without the newline. Never throws and calls no `toJSON`. Times are kept to the microsecond,
 * values without loss (see `tagged.ts`). What is empty or absent is left out, also the clock unless it stood still.
 */
export function toJson(entry: Entry): string {
  const { module, args, params, argTypes } = entry
  let line = `{"timestamp":"${isoMicros(entry.timestamp)}","level":"${LEVEL_NAMES[entry.level]}"`
  line += `,"function_name":${quote(entry.functionName)}`
  if (module !== '') line += `,"module":${quote(module)}`
  if (args.length > 0) line += `,"args":${encodeList(args, encodeValue)}`
  if (params.length > 0) line += `,"params":${encodeList(params, encodeValue)}`
  if (argTypes.length > 0) line += `,"arg_types":${encodeList(argTypes, encodeValue)}`
  for (const [column, field] of OPTIONAL) {
    const value = entry[field]
    if (value !== undefined) line += `,"${column}":${encodeValue(value)}`
  }
  return `${line}${encodePlace(entry)}}`
}

function encodePlace({ kind, spanId, parentId, sequence, clock, open, extra }: Entry): string {
  let text = `,"kind":"${kind}","span_id":${spanId}`
  if (parentId !== 0) text += `,"parent_id":${parentId}`
  text += `,"sequence":${sequence}`
  if (clock === 'frozen') text += ',"clock":"frozen"'
  if (open) text += ',"open":true'
  const fields = encodeFields(extra, encodeValue)
  return fields === '{}' ? text : `${text},"extra":${fields}`
}

type Row = Record<string, unknown>

/**
 * The entry of a line written by `toJson`, or by the Python package: there `args` is one text, and `kwargs` and whatever else
 * has no place of its own goes to `extra`. Throws when the line is not a JSON object.
 */
export function fromJson(line: string): Entry {
  const row = parseRow(line)
  if (row.kind === undefined) adoptPython(row)
  const { timestamp, level, function_name, module, args, params, arg_types, ...rest } = row
  const { kind, span_id, parent_id, sequence, clock, open, extra, ...others } = rest
  const entry = {
    sequence: sequence ?? 0,
    kind: kind ?? 'call',
    timestamp: epochMillis(`${timestamp}`),
    level: levelOf(level),
    functionName: function_name ?? '',
    module: module ?? '',
    params: params ?? [],
    args: args ?? [],
    argTypes: arg_types ?? [],
    clock: clock ?? 'wall',
    spanId: span_id ?? 0,
    parentId: parent_id ?? 0,
    extra: {}
  } as Entry
  if (open === true) entry.open = true
  for (const [column, field] of OPTIONAL) {
    if (others[column] !== undefined) (entry as unknown as Row)[field] = others[column]
    delete others[column]
  }
  entry.extra = { ...(extra as Row | undefined), ...others }
  return entry
}

function parseRow(line: string): Row {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (error) {
    throw new SyntaxError(`[nfo] [json] cannot read a line: ${(error as Error).message}; give one JSON object a line`)
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new SyntaxError('[nfo] [json] cannot read a line: it is not an object; give one JSON object a line')
  }
  return (line.includes('"$') ? decodeValue(row) : row) as Row
}

function levelOf(name: unknown): Level {
  const levels = Object.keys(LEVEL_NAMES) as Level[]
  return levels.find((level) => LEVEL_NAMES[level] === name) ?? 'info'
}

// Python writes every column, '' and '{}' where there is nothing, and values as their repr.
function adoptPython(row: Row): void {
  if (row.return_type === '') delete row.return_value
  for (const column of Object.keys(row)) if (row[column] === '' || row[column] === '{}') delete row[column]
  if (typeof row.args === 'string') row.args = row.args === '()' ? [] : [row.args]
  if (typeof row.arg_types === 'string') row.arg_types = row.arg_types.split(', ')
}
