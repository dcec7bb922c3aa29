import type { Entry } from '../core/types.ts'
import type { SqlDriver, Table } from '../drivers/types.ts'
import { type Cell, fromRow, type Row } from '../formats/row.ts'
import { toSql } from './conditions.ts'
import { type Order, type ParsedFilter, parseFilter } from './filter.ts'
import { createTally, STATS_COLUMNS, type Stats } from './stats.ts'
import { createPause, type FollowOptions, type Store } from './store.ts'

// Rows of the first page and of the largest one: what is looked at is mostly the beginning.
const FIRST_PAGE = 250
const LARGEST_PAGE = 8000
const STATS_PAGE = 20_000

/** A store over the table `logs` of a database; `name` stands for it in errors. */
export function databaseStore(driver: SqlDriver, part: string, name: string): Store {
  let known: Promise<string[]> | undefined

  /** The columns of the table. */
  function columns(): Promise<string[]> {
    known ??= readColumns(driver, part, name)
    return known
  }

  async function* rows(filter: ParsedFilter, upTo?: number): AsyncGenerator<Row> {
    const present = await columns()
    const { order, limit = Number.POSITIVE_INFINITY } = filter
    const select = order ? sortedPage(filter, order, present, upTo) : pageInOrder('*', filter, present, upTo)
    let last: Row | undefined
    for (let left = limit, size = FIRST_PAGE; left > 0; size = Math.min(size * 4, LARGEST_PAGE)) {
      const wanted = Math.min(left, size)
      const table = await select(last, wanted)
      for (const cells of table.rows) {
        last = rowOf(table, cells)
        yield last
      }
      if (table.rows.length < wanted) return
      left -= wanted
    }
  }

  /** The next rows behind one, as they were written. */
  function pageInOrder(what: string, filter: ParsedFilter, present: string[], upTo?: number) {
    const { where, values } = toSql(filter, present)
    return (last: Row | undefined, size: number): Table | Promise<Table> => {
      // Once there is more than a page, one walk through the table is cheaper than an index to be sorted for each page.
      const hint = last ? 'NOT INDEXED' : ''
      const bounds = `id > ? AND id <= ?`
      const sql = `SELECT ${what} FROM logs ${hint} WHERE ${bounds} AND ${where} ORDER BY id LIMIT ?`
      return driver.all(sql, [Number(last?.id ?? -1), upTo ?? Number.MAX_SAFE_INTEGER, ...values, size])
    }
  }
}
