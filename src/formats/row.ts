import type { Entry, Level } from '../core/types.ts'
import { decodeValue, encodeFields, encodeList, encodeValue, quote } from './tagged.ts'
import { epochMillis, isoMicros } from './time.ts'

/** How files and databases spell the levels. */
export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL'
}

/** What an entry may lack. */
export const OPTIONAL: readonly (readonly [column: string, field: keyof Entry])[] = [
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

/** The columns of the Python package, in its order, after `id`. */
export const PYTHON_COLUMNS: readonly string[] = [
  'timestamp',
  'level',
  'function_name',
  'module',
  'args',
  'kwargs',
  'arg_types',
  'kwarg_types',
  'return_value',
  'return_type',
  'exception',
  'exception_type',
  'traceback',
  'duration_ms',
  'environment',
  'trace_id',
  'version',
  'llm_analysis'
]

/** What nfo adds behind them. */
export const OWN_COLUMNS: readonly string[] = ['kind', 'span_id', 'parent_id', 'sequence', 'clock', 'extra', 'params']

export const COLUMNS: readonly string[] = [...PYTHON_COLUMNS, ...OWN_COLUMNS]

/** One value of a table: text, a number, or nothing. */
export type Cell = string | number | null

/** The named values of one record, as a file or a table has them. */
export type Row = Record<string, unknown>

// Databases cut texts at a NUL, and no UTF-8 holds half a surrogate pair.
const UNSTORABLE = /[\0\p{Cs}]/u
const TEXT = '{"$text":'

/**
 * An entry as the values of `COLUMNS`, in their order. `args`, `return_value`, `extra` and `params` are JSON text (see
 * `tagged.ts`), the others text as it is; one that holds NUL or half a surrogate pair becomes `{"$text":"…"}`. What is
 * absent or empty is null. Times are kept to the microsecond. `kind` is `open` for a call that had not returned.
 */
export function toRow(entry: Entry): Cell[] {
  const { args, argTypes, params, extra } = entry
  return [
    isoMicros(entry.timestamp),
    LEVEL_NAMES[entry.level],
    storable(entry.functionName),
    storable(entry.module),
    encodeList(args, encodeValue),
    null,
    argTypes.length === 0 ? null : encodeTypes(argTypes),
    null,
    'returnValue' in entry ? encodeValue(entry.returnValue) : null,
    optional(entry.returnType),
    optional(entry.exception),
    optional(entry.exceptionType),
    optional(entry.traceback),
    entry.durationMs ?? null,
    optional(entry.environment),
    optional(entry.traceId),
    optional(entry.version),
    optional(entry.llmAnalysis),
    entry.open ? 'open' : entry.kind,
    entry.spanId,
    entry.parentId || null,
    entry.sequence,
    entry.clock,
    orNull(encodeFields(extra, encodeValue), '{}'),
    orNull(encodeList(params, encodeValue), '[]')
  ]
}

const orNull = (text: string, empty: string): string | null => (text === empty ? null : text)
const optional = (text: string | undefined): string | null => (text === undefined ? null : storable(text))

function storable(text: string): string {
  return UNSTORABLE.test(text) || text.startsWith(TEXT) ? `${TEXT}${quote(text)}}` : text
}

/** `number, string` like the Python package, or a JSON list where that could not be read back. */
function encodeTypes(types: readonly string[]): string {
  const plain = types.join(', ')
  const isPlain =
    !plain.startsWith('[') && !UNSTORABLE.test(plain) && types.every((type) => type && !type.includes(', '))
  return isPlain ? plain : encodeList(types, encodeValue)
}

/** The entry of a row by `toRow`, or by the Python package, whose values stay the texts they are. Never throws. */
export function fromRow(row: Readonly<Row>): Entry {
  const values: Row = {}
  for (const [column, value] of Object.entries(row)) if (value !== null) values[column] = restored(value)
  delete values.id
  if (values.kind === undefined) return entryOf(values)
  for (const column of ['args', 'return_value', 'extra', 'params']) {
    if (column in values) values[column] = parsed(row[column])
  }
  const types = values.arg_types
  if (typeof types === 'string') values.arg_types = types.startsWith('[') ? parsed(types) : types.split(', ')
  if (values.kind === 'open') Object.assign(values, { kind: 'call', open: true })
  return entryOf(values)
}

function restored(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(TEXT)) return value
  const inner = parsed(value) as { $text?: unknown }
  return typeof inner?.$text === 'string' ? inner.$text : value
}

/** Somebody may have edited it: what is no JSON stays the text it is. */
function parsed(text: unknown): unknown {
  try {
    const value: unknown = JSON.parse(text as string)
    return (text as string).includes('"$') ? decodeValue(value) : value
  } catch {
    return text
  }
}

/** An entry out of named values, those of Python included; what has no place of its own goes to `extra`. */
export function entryOf(row: Row): Entry {
  if (row.kind === undefined) adoptPython(row)
  const { timestamp, level, function_name, module, args, params, arg_types, ...rest } = row
  const { kind, span_id, parent_id, sequence, clock, open, extra, ...others } = rest
  const entry = {
    sequence: Number(sequence) || 0,
    kind: kind === 'message' ? kind : 'call',
    timestamp: epochMillis(`${timestamp}`),
    level: levelOf(level),
    functionName: text(function_name),
    module: text(module),
    params: list(params).map(text),
    args: list(args),
    argTypes: list(arg_types).map(text),
    clock: clock === 'frozen' ? clock : 'wall',
    spanId: Number(span_id) || 0,
    parentId: Number(parent_id) || 0,
    extra: {}
  } as Entry
  if (open === true) entry.open = true
  for (const [column, field] of OPTIONAL) {
    if (others[column] !== undefined) (entry as unknown as Row)[field] = others[column]
    delete others[column]
  }
  entry.extra = typeof extra === 'object' ? { ...extra, ...others } : others
  return entry
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

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
