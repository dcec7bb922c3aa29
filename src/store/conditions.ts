import type { Entry, Level } from '../core/types.ts'
import { type Cell, COLUMNS, LEVEL_NAMES, type Row, toRow } from '../formats/row.ts'
import { isoMicros } from '../formats/time.ts'
import { type Filter, type Order, type ParsedFilter, parseFilter } from './filter.ts'
import { search } from './text.ts'
import { lowerBound } from './time.ts'

/** What one field of a filter asks of the values of a row, in SQL and in JavaScript: both have to say the same. */
interface Condition {
  /** Of these columns one has to pass; null in a table that lacks it. */
  columns: readonly string[]
  sql(columns: readonly string[]): { sql: string; values: Cell[] }
  test(cell: unknown): boolean
  /** The value of an entry, where that takes no whole row. */
  cell?(entry: Entry): unknown
}

const TEXT_COLUMNS = [
  'function_name',
  'module',
  'args',
  'kwargs',
  'return_value',
  'exception',
  'exception_type',
  'traceback',
  'llm_analysis',
  'extra'
]

const ORDERS: Readonly<Record<Order, string>> = {
  newest: 'timestamp DESC, id DESC',
  oldest: 'timestamp, id',
  slowest: 'duration_ms DESC, id DESC'
}

/**
 * Whether an entry meets a filter, but for `limit` and `order`. Values compare as they stand in a row of the logs table; the
 * row of an entry that nfo did not write, such as one of the Python package, comes as the second argument.
 */
export function matches(filter: Filter): (entry: Entry, row?: Readonly<Row>) => boolean {
  const all = conditionsOf(parseFilter(filter))
  const quick = all.filter(({ cell }) => cell)
  const others = all.filter(({ cell }) => !cell)
  return (entry, row) => {
    if (!quick.every(({ columns, cell, test }) => test(row ? row[columns[0]] : cell?.(entry)))) return false
    if (others.length === 0) return true
    const cells = row ? [] : toRow(entry)
    const cellAt = (column: string): unknown => (row ? row[column] : cells[COLUMNS.indexOf(column)])
    return others.every(({ columns, test }) => columns.some((column) => test(cellAt(column))))
  }
}

/**
 * The same for SQL: a condition and an order over a table `logs` with these columns. Only names that nfo knows become part of
 * the text; what the filter holds is bound.
 */
export function toSql(filter: Filter, columns: readonly string[]): { where: string; values: Cell[]; order: string } {
  const parsed = parseFilter(filter)
  const parts = conditionsOf(parsed).map(({ columns: wanted, sql }) => {
    const present = wanted.filter((column) => columns.includes(column))
    return sql(present.length > 0 ? present : ['NULL'])
  })
  return {
    where: parts.map(({ sql }) => `(${sql})`).join(' AND ') || '1',
    values: parts.flatMap(({ values }) => values),
    // Where there is nothing to sort by, nothing is found either.
    order: parsed.order && (parsed.order !== 'slowest' || columns.includes('duration_ms')) ? ORDERS[parsed.order] : 'id'
  }
}

function conditionsOf(filter: ParsedFilter): Condition[] {
  const { level, since, until, minDuration, order, kind, text } = filter
  const conditions: Condition[] = []
  if (level && level !== 'debug') conditions.push(levelFrom(level))
  if (since !== undefined) conditions.push(time('>=', since))
  if (until !== undefined) conditions.push(time('<', until))
  if (minDuration !== undefined || order === 'slowest') conditions.push(durationFrom(minDuration ?? 0))
  if (kind) conditions.push(ofKind(kind))
  for (const [column, field] of GLOBS) if (filter[field] !== undefined) conditions.push(glob(column, filter[field]))
  for (const [column, field] of EXACT) if (filter[field] !== undefined) conditions.push(equal(column, filter[field]))
  if (text !== undefined) conditions.push({ columns: TEXT_COLUMNS, ...search(text) })
  return conditions
}

const GLOBS = [
  ['function_name', 'function'],
  ['module', 'module']
] as const
const EXACT = [
  ['trace_id', 'trace'],
  ['environment', 'environment'],
  ['version', 'version']
] as const

function levelFrom(level: Level): Condition {
  const levels = Object.keys(LEVEL_NAMES) as Level[]
  const accepted = levels.slice(levels.indexOf(level)).map((name) => LEVEL_NAMES[name])
  const condition = { columns: ['level'], cell: (entry: Entry) => LEVEL_NAMES[entry.level] }
  // A level that nfo does not know is read as info.
  if (level === 'info') {
    return { ...condition, sql: ([it]) => ({ sql: `${it} IS NOT 'DEBUG'`, values: [] }), test: (it) => it !== 'DEBUG' }
  }
  const sql = ([it]: readonly string[]) => ({ sql: `${it} IN (${accepted.map(() => '?')})`, values: accepted })
  return { ...condition, sql, test: (it) => accepted.includes(it as string) }
}

function time(operator: '>=' | '<', moment: number): Condition {
  const bound = lowerBound(moment)
  return {
    columns: ['timestamp'],
    cell: (entry) => isoMicros(entry.timestamp),
    sql: ([it]) => ({ sql: `${it} ${operator} ?`, values: [bound] }),
    test: (it) => typeof it === 'string' && it >= bound === (operator === '>=')
  }
}

function durationFrom(least: number): Condition {
  return {
    columns: ['duration_ms'],
    cell: (entry) => entry.durationMs,
    // In SQLite any text is more than any number.
    sql: ([it]) => ({ sql: `${it} >= ? AND ${it} < 9e999`, values: [least] }),
    test: (it) => (typeof it === 'number' ? it >= least && it < Number.POSITIVE_INFINITY : false)
  }
}

function ofKind(kind: 'call' | 'message'): Condition {
  const isMessage = kind === 'message'
  return {
    columns: ['kind'],
    cell: (entry) => entry.kind,
    sql: ([it]) => ({ sql: `${it} IS ${isMessage ? '' : 'NOT '}'message'`, values: [] }),
    test: (it) => (it === 'message') === isMessage
  }
}

function glob(column: string, pattern: string): Condition {
  const short = pattern.replace(/\*+/g, '*')
  const source = short.replace(/[.+^${}()|[\]\\]/g, (character) => `\\${character}`)
  const regexp = new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su')
  const takesNone = regexp.test('')
  const [operator, value] = /[*?]/.test(short) ? ['GLOB', short.replaceAll('[', '[[]')] : ['=', short]
  return {
    columns: [column],
    sql: ([it]) => ({ sql: `${takesNone ? `${it} IS NULL OR ` : ''}${it} ${operator} ?`, values: [value] }),
    test: (it) => regexp.test(it === null || it === undefined ? '' : String(it))
  }
}

function equal(column: string, value: string): Condition {
  return {
    columns: [column],
    sql: ([it]) => ({ sql: `${value === '' ? `${it} IS NULL OR ` : ''}${it} = ?`, values: [value] }),
    test: (it) => (it ?? '') === value
  }
}
