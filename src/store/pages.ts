import type { SqlDriver, Statement, Table } from '../drivers/types.ts'
import type { Cell, Row } from '../formats/row.ts'
import { toSql } from './conditions.ts'
import type { Order, ParsedFilter } from './filter.ts'
import { createRest } from './rest.ts'

/** Which rows of the table `logs`. */
export interface Selection {
  filter: ParsedFilter
  /** Those that the table has. */
  columns: readonly string[]
  /** What is selected of each row, the id among it, where rows have no order; else all of it. @default '*' */
  what?: string
  /** Only ids above it. */
  above?: number
  /** Only ids up to it. */
  upTo?: number
}

// What is asked for is mostly the beginning.
const FIRST_PAGE = 250
const LARGEST_PAGE = 10_000

/** Reads rows page by page: memory stays bounded, and others may write in between. */
export async function* pagesOf(
  driver: SqlDriver,
  selection: Selection,
  first: number = FIRST_PAGE
): AsyncGenerator<Table> {
  let left = selection.filter.limit ?? Number.POSITIVE_INFINITY
  const rest = createRest()
  let last: Row | undefined
  for (let size = first; left > 0; size = Math.max(first, Math.min(size * 4, LARGEST_PAGE))) {
    const wanted = Math.min(left, size)
    const { sql, values } = pageSql(selection, wanted, last)
    const table = await driver.all(sql, values)
    yield table
    await rest()
    if (table.rows.length < wanted) return
    last = rowOf(table, table.rows[wanted - 1])
    left -= wanted
  }
}

/** A row by the names of its columns. */
export function rowOf({ columns }: Table, cells: readonly unknown[]): Row {
  const row: Row = Object.create(null)
  for (let index = 0; index < columns.length; index++) row[columns[index]] = cells[index]
  return row
}

function pageSql(selection: Selection, size: number, last: Row | undefined): Required<Statement> {
  const { order } = selection.filter
  return order ? sortedPage(selection, order, size, last) : pageAsWritten(selection, size, last)
}

function pageAsWritten(
  { filter, columns, what = '*', above, upTo }: Selection,
  size: number,
  last?: Row
): Required<Statement> {
  const { where, values, order } = toSql(filter, columns)
  // Where there is more than one page, one walk through the table is cheaper than sorting what an index gives for each.
  const table = last ? 'logs NOT INDEXED' : 'logs'
  const bounds = [last?.id ?? above ?? Number.MIN_SAFE_INTEGER, upTo ?? Number.MAX_SAFE_INTEGER].map(Number)
  const sql = `SELECT ${what} FROM ${table} WHERE id > ? AND id <= ? AND ${where} ORDER BY ${order} LIMIT ?`
  return { sql, values: [...bounds, ...values, size] }
}

// The first comparison is the one that an index serves.
const BEHIND: Readonly<Record<Order, string>> = {
  newest: 'timestamp <= ? AND (timestamp < ? OR id < ?)',
  oldest: 'timestamp >= ? AND (timestamp > ? OR id > ?)',
  slowest: 'duration_ms <= ? AND (duration_ms < ? OR id < ?)'
}

function sortedPage({ filter, columns, upTo }: Selection, by: Order, size: number, last?: Row): Required<Statement> {
  const { where, values, order } = toSql(filter, columns)
  // With a plus, so that no index is chosen for their sake. A row without a time has no place in an order of times.
  const parts = [where, '+timestamp IS NOT NULL']
  const bound: Cell[] = [...values]
  if (upTo !== undefined) {
    parts.push('+id <= ?')
    bound.push(upTo)
  }
  if (last) {
    const key = last[by === 'slowest' ? 'duration_ms' : 'timestamp'] as Cell
    parts.push(BEHIND[by])
    bound.push(key, key, Number(last.id))
  }
  // Sorting ids alone is several times faster than sorting rows.
  const ids = `SELECT id FROM logs WHERE ${parts.join(' AND ')} ORDER BY ${order} LIMIT ?`
  return { sql: `SELECT * FROM logs WHERE id IN (${ids}) ORDER BY ${order}`, values: [...bound, size] }
}
