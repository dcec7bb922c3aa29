import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { type Cell, COLUMNS, fromRow, PYTHON_COLUMNS, type Row } from '../../src/formats/row.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { matches, toSql } from '../../src/store/conditions.ts'
import type { Filter } from '../../src/store/filter.ts'
import { anyEntry, anyFilter, oneField, pythonRow, rowOf } from './_entries.ts'

interface Database {
  run(sql: string, values?: readonly unknown[]): void
  exec(sql: string, values?: readonly unknown[]): { values: unknown[][] }[]
}

const test = suite('store/filter: SQL and matches agree')
let database: Database

test.before(async () => {
  const initSqlJs = runtime.require?.('sql.js') as () => Promise<{ Database: new () => Database }>
  database = new (await initSqlJs()).Database()
  for (const [table, columns] of Object.entries({ logs: COLUMNS, python: PYTHON_COLUMNS })) {
    const declared = columns.map((column) => (column === 'duration_ms' ? `${column} REAL` : `${column} TEXT`))
    database.run(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY AUTOINCREMENT, ${declared})`)
  }
})

function fill(table: string, columns: readonly string[], rows: readonly Row[]): void {
  database.run(`DELETE FROM ${table}`)
  for (const [index, row] of rows.entries()) {
    const values = columns.map((column) => row[column] ?? null)
    database.run(`INSERT INTO ${table} VALUES (?, ${columns.map(() => '?')})`, [index, ...values])
  }
}

function selected(table: string, columns: readonly string[], filter: Filter): unknown[] {
  const { where, values, order } = toSql(filter, columns)
  // The order has to be one that SQLite takes.
  const [result] = database.exec(`SELECT id FROM ${table} WHERE ${where} ORDER BY ${order}`, values as Cell[])
  return (result?.values ?? []).map(([id]) => id).sort((one, other) => Number(one) - Number(other))
}

const indicesOf = <Item>(items: readonly Item[], isWanted: (item: Item) => boolean): number[] =>
  items.flatMap((item, index) => (isWanted(item) ? [index] : []))

test('over any entries of nfo', () => {
  let hits = 0
  const property = fc.property(
    fc.array(anyEntry, { maxLength: 8 }),
    fc.array(fc.oneof(oneField, anyFilter)),
    (entries, filters) => {
      fill('logs', COLUMNS, entries.map(rowOf))
      for (const filter of filters) {
        const found = selected('logs', COLUMNS, filter)
        assert.equal(found, indicesOf(entries, matches(filter) as (entry: Entry) => boolean), JSON.stringify(filter))
        if (found.length > 0 && found.length < entries.length) hits++
      }
    }
  )
  fc.assert(property, { numRuns: 250 })
  assert.ok(hits > 80, `only ${hits} filters select some and not all`)
})

test('over any rows of the Python package, whose table lacks some columns', () => {
  let hits = 0
  const property = fc.property(
    fc.array(pythonRow, { maxLength: 8 }),
    fc.array(fc.oneof(oneField, anyFilter)),
    (rows, filters) => {
      fill('python', PYTHON_COLUMNS, rows)
      for (const filter of filters) {
        const found = selected('python', PYTHON_COLUMNS, filter)
        const isWanted = matches(filter)
        assert.equal(
          found,
          indicesOf(rows, (row) => isWanted(fromRow(row), row)),
          JSON.stringify(filter)
        )
        if (found.length > 0 && found.length < rows.length) hits++
      }
    }
  )
  fc.assert(property, { numRuns: 250 })
  assert.ok(hits > 80, `only ${hits} filters select some and not all`)
})

test.run()
