import type { Cell } from '../formats/row.ts'
import type { DriverOptions, SqlDriver, Table } from './types.ts'

interface Cursor {
  readonly columnNames: string[]
  raw(): Iterable<unknown[]>
}

/** The few members of a Durable Object's storage (`ctx.storage`) that nfo uses. */
export interface DurableObjectStorage {
  readonly sql: { exec(sql: string, ...values: Cell[]): Cursor; readonly databaseSize: number }
  transactionSync(work: () => void): void
  sync(): Promise<void>
}

export function isDurableObjectStorage(handle: object): handle is DurableObjectStorage {
  const { sql, transactionSync } = handle as DurableObjectStorage
  return typeof sql?.exec === 'function' && typeof transactionSync === 'function'
}

/** The SQLite storage of a Durable Object. Writes are synchronous; no response leaves the object before they are durable. */
export function durableObject(storage: DurableObjectStorage, { prepare }: DriverOptions): SqlDriver {
  const driver: SqlDriver = {
    name: 'durable-object',
    variables: 100,
    all(sql, values = []): Table {
      const cursor = storage.sql.exec(sql, ...values)
      return { columns: cursor.columnNames, rows: [...cursor.raw()] }
    },
    transaction(statements) {
      storage.transactionSync(() => {
        for (const { sql, values = [] } of statements) storage.sql.exec(sql, ...values)
      })
    },
    bytes: () => storage.sql.databaseSize,
    flush: () => storage.sync(),
    flushSync() {},
    close() {}
  }
  prepare?.(driver)
  return driver
}
