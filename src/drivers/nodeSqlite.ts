import type { Cell } from '../formats/row.ts'
import { runtime } from '../runtimes/generic.ts'
import { fileDriver, handleDriver, isAloneWithLog, type Library, statementCache } from './_local.ts'
import type { DriverOptions, SqlDriver, Table } from './types.ts'

interface NodeStatement {
  run(...values: Cell[]): unknown
  all(...values: Cell[]): unknown[]
  setReadBigInts?(on: boolean): void
  /** Not before Node 22.16, like `columns`. */
  setReturnArrays?(on: boolean): void
  columns?(): { name: string }[]
}

/** The few members of a `DatabaseSync` that nfo uses. */
export interface NodeDatabase {
  open(): void
  exec(sql: string): void
  prepare(sql: string): NodeStatement
  close(): void
}

export function isNodeDatabase(handle: object): handle is NodeDatabase {
  const { open, prepare } = handle as NodeDatabase
  return typeof open === 'function' && typeof prepare === 'function'
}

/**
 * SQLite of Node (22.13 and newer) and Deno: a path, or a `DatabaseSync` of the user's. Throws what the library throws, also
 * when there is no such library.
 */
export function nodeSqlite(to: string | NodeDatabase, options: DriverOptions): SqlDriver {
  if (typeof to !== 'string') return handleDriver('node:sqlite', library(to), options)
  const { DatabaseSync } = runtime.require!('node:sqlite') as {
    DatabaseSync: new (path: string, options: object) => NodeDatabase
  }
  const database = new DatabaseSync(to, { readOnly: options.readOnly === true && !isAloneWithLog(to) })
  return fileDriver('node:sqlite', to, library(database), options)
}

function library(database: NodeDatabase): Library {
  const statements = statementCache((sql) => database.prepare(sql))
  return {
    exec: (sql) => database.exec(sql),
    run: ({ sql, values = [] }) => statements.get(sql).run(...values),
    all: (sql, values = []) => read(database.prepare(sql), values),
    close: () => database.close()
  }
}

function read(statement: NodeStatement, values: readonly Cell[]): Table {
  statement.setReturnArrays?.(true)
  const rows = allRows(statement, values)
  const columns = statement.columns?.().map(({ name }) => name) ?? Object.keys(rows[0] ?? {})
  return { columns, rows: rows.map((row) => (Array.isArray(row) ? row : Object.values(row as object))) }
}

function allRows(statement: NodeStatement, values: readonly Cell[]): unknown[] {
  try {
    return statement.all(...values)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_OUT_OF_RANGE') throw error
  }
  // An integer that no number holds: then all of them come as bigint.
  statement.setReadBigInts?.(true)
  return statement.all(...values)
}
