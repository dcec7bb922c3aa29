import type { Cell } from '../formats/row.ts'
import { type Library, statementCache } from './_local.ts'
import type { Table } from './types.ts'

/** The few members of a sql.js `Database` that nfo uses. */
export interface SqlJsDatabase {
  run(sql: string): unknown
  prepare(sql: string): SqlJsStatement
  export(): Uint8Array<ArrayBuffer>
  close(): void
}

interface SqlJsStatement {
  bind(values: readonly Cell[]): boolean
  step(): boolean
  get(): unknown[]
  getColumnNames(): string[]
  reset(): void
  free(): boolean
}

export interface SqlJsLibrary extends Library {
  /** Lets go of prepared statements; they come back when they are needed. */
  forget(): void
}

export function sqlJsLibrary(database: SqlJsDatabase): SqlJsLibrary {
  const statements = statementCache(
    (sql) => database.prepare(sql),
    (statement) => statement.free()
  )

  function bound(sql: string, values: readonly Cell[]): SqlJsStatement {
    const statement = statements.get(sql)
    statement.bind(values)
    return statement
  }

  function bind(sql: string, values: readonly Cell[]): SqlJsStatement {
    try {
      return bound(sql, values)
    } catch {
      // Before 1.16 the user's `export()` closes all statements.
      statements.clear()
      return bound(sql, values)
    }
  }

  function use<Result>(sql: string, values: readonly Cell[], read: (statement: SqlJsStatement) => Result): Result {
    return withErrors(() => {
      const statement = bind(sql, values)
      try {
        return read(statement)
      } finally {
        statement.reset()
      }
    })
  }

  return {
    exec: (sql) => withErrors(() => database.run(sql)),
    run: ({ sql, values = [] }) => use(sql, values, (statement) => statement.step()),
    all: (sql, values) => use(sql, values, tableOf),
    forget: statements.clear,
    close() {
      statements.clear()
      database.close()
    }
  }
}

/** Some of what sql.js throws are strings. */
function withErrors<Result>(use: () => Result): Result {
  try {
    return use()
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error))
  }
}

function tableOf(statement: SqlJsStatement): Table {
  const rows: unknown[][] = []
  while (statement.step()) rows.push(statement.get())
  // Not before the first step, which is where SQLite sees that a table has got another column.
  return { columns: statement.getColumnNames(), rows }
}
