import type { Cell } from '../formats/row.ts'
import { runtime } from '../runtimes/generic.ts'
import { fileDriver, handleDriver, isAloneWithLog, type Library, statementCache } from './_local.ts'
import type { DriverOptions, SqlDriver } from './types.ts'

interface BunStatement {
  readonly columnNames: string[]
  run(...values: Cell[]): unknown
  values(...values: Cell[]): unknown[][]
  finalize(): void
}

/** The few members of Bun's `Database` that nfo uses. */
export interface BunDatabase {
  run(sql: string): unknown
  prepare(sql: string): BunStatement
  query(sql: string): BunStatement
  close(): void
}

export function isBunDatabase(handle: object): handle is BunDatabase {
  const { query, prepare } = handle as BunDatabase
  return typeof query === 'function' && typeof prepare === 'function'
}

/** SQLite of Bun: a path, or a `Database` of the user's. Throws what the library throws. */
export function bunSqlite(to: string | BunDatabase, options: DriverOptions): SqlDriver {
  if (typeof to !== 'string') return handleDriver('bun:sqlite', library(to), options)
  const { Database } = runtime.require!('bun:sqlite') as { Database: new (path: string, how: object) => BunDatabase }
  const readonly = options.readOnly === true && !isAloneWithLog(to)
  const database = new Database(to, readonly ? { readonly } : { create: !options.readOnly, readwrite: true })
  return fileDriver('bun:sqlite', to, library(database), options)
}

function library(database: BunDatabase): Library {
  const statements = statementCache(
    (sql) => database.prepare(sql),
    (statement) => statement.finalize()
  )
  return {
    exec: (sql) => database.run(sql),
    run: ({ sql, values = [] }) => statements.get(sql).run(...values),
    all(sql, values = []) {
      const statement = database.prepare(sql)
      try {
        const rows = statement.values(...values)
        return { columns: statement.columnNames, rows }
      } finally {
        statement.finalize()
      }
    },
    close() {
      statements.clear()
      database.close()
    }
  }
}
