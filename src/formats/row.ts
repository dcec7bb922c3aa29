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

export const COLUMNS: readonly string[] = /* @__PURE__ */ PYTHON_COLUMNS.concat(OWN_COLUMNS)

/** One value of a table: text, a number, or nothing. */
export type Cell = string | number | null

/** The named values of one record, as a file or a table has them. */
export type Row = Record<string, unknown>

// Databases cut texts at a NUL, sql.js drops a byte order mark, and no UTF-8 holds half a surrogate pair.
const UNSTORABLE = /[\0\p{Cs}]|^\ufeff/u
const TEXT = '{"$text":'

/**
 * An entry as the values of `COLUMNS`, in their order. `args`, `return_value`, `extra` and `params` are JSON text (see
 * `tagged.ts`), the others text as it is; one that UTF-8 or a database would change (NUL, half a surrogate pair, a byte
 * order mark in front) becomes `{"$text":"…"}`. What is absent or empty is null. Times are kept to the microsecond. `kind`
 * is `open` for a call that had not returned.
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
  const isPlain = storable(plain) === plain && types.every((type) => type && !type.includes(', '))
  return isPlain && !plain.startsWith('[') ? plain : encodeList(types, encodeValue)
}

/** The entry of a row by `toRow`, or by the Python package, whose values stay the texts they are. Never throws. */
export function fromRow(row: Readonly<Row>): Entry {
  const values: Row = {}
  for (const column of Object.keys(row)) if (row[column] !== null) values[column] = restored(row[column])
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

// The columns that have a place in an entry; `id` needs none.
const isPlaced = (column: string): boolean =>
  PLACED.includes(column) || OWN_COLUMNS.includes(column) || OPTIONAL.some(([name]) => name === column)
const PLACED = ['id', 'timestamp', 'level', 'function_name', 'module', 'args', 'arg_types', 'open']

/** An entry out of named values, those of Python included; what has no place of its own goes to `extra`. */
export function entryOf(row: Row): Entry {
  if (row.kind === undefined) adoptPython(row)
  const entry: Entry = {
    sequence: number(row.sequence),
    kind: row.kind === 'message' ? row.kind : 'call',
    timestamp: epochMillis(text(row.timestamp)),
    level: levelOf(row.level),
    functionName: text(row.function_name),
    module: text(row.module),
    params: list(row.params).map(text),
    args: list(row.args),
    argTypes: list(row.arg_types).map(text),
    clock: row.clock === 'frozen' ? row.clock : 'wall',
    spanId: number(row.span_id),
    parentId: number(row.parent_id),
    extra: extraOf(row)
  }
  if (row.open === true) entry.open = true
  for (const [column, field] of OPTIONAL) {
    if (column in row) setOptional(entry as unknown as Row, field, row[column])
  }
  return entry
}

function setOptional(entry: Row, field: keyof Entry, value: unknown): void {
  if (field === 'returnValue') entry[field] = value
  else if (value === undefined || value === null) return
  else if (field === 'durationMs') entry[field] = typeof value === 'number' ? value : Number(text(value))
  else entry[field] = text(value)
}

function extraOf(row: Row): Record<string, unknown> {
  const { extra } = row
  const fields = typeof extra === 'object' ? extra : extra === undefined ? {} : { extra }
  const others = Object.keys(row).filter((column) => !isPlaced(column))
  // A column may have any name, also __proto__.
  return { ...fields, ...Object.fromEntries(others.map((column) => [column, row[column]])) }
}

/** Not `String`, which throws for an object whose `toString` is no function. */
function text(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? encodeValue(value) : String(value)
}

const number = (value: unknown): number => Number(text(value)) || 0
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

const levelOf = (name: unknown): Level =>
  (Object.keys(LEVEL_NAMES) as Level[]).find((level) => LEVEL_NAMES[level] === name) ?? 'info'

// Python writes every column, '' and '{}' where there is nothing, and values as their repr.
function adoptPython(row: Row): void {
  if (row.return_type === '') delete row.return_value
  for (const column of Object.keys(row)) if (row[column] === '' || row[column] === '{}') delete row[column]
  if (typeof row.args === 'string') row.args = row.args === '()' ? [] : [row.args]
  if (typeof row.arg_types === 'string') row.arg_types = row.arg_types.split(', ')
}
