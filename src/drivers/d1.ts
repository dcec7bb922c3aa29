import type { Cell } from '../formats/row.ts'
import type { DriverOptions, SqlDriver, Statement } from './types.ts'

interface D1Statement {
  bind(...values: Cell[]): D1Statement
  raw(options: { columnNames: true }): Promise<unknown[][]>
}

/** The few members of a D1 binding (`env.DB`) that nfo uses. */
export interface D1Database {
  prepare(sql: string): D1Statement
  batch(statements: D1Statement[]): Promise<{ meta?: { size_after?: number } }[]>
}

export function isD1Database(handle: object): handle is D1Database {
  const { prepare, batch } = handle as D1Database
  return typeof prepare === 'function' && typeof batch === 'function'
}

/** A D1 database of Cloudflare's. Everything is a request, so nothing is synchronous; a batch is one request. */
export function d1(database: D1Database, { prepare }: DriverOptions): SqlDriver {
  let size = 0
  const bound = ({ sql, values = [] }: Statement): D1Statement => database.prepare(sql).bind(...values)

  const bare: SqlDriver = {
    name: 'd1',
    variables: 100,
    async all(sql, values) {
      const [columns, ...rows] = await bound({ sql, values }).raw({ columnNames: true })
      return { columns: (columns ?? []) as string[], rows }
    },
    async transaction(statements) {
      if (statements.length === 0) return
      const results = await database.batch(statements.map(bound))
      size = results.at(-1)?.meta?.size_after ?? size
    },
    async bytes() {
      if (size === 0) await bare.transaction([{ sql: 'SELECT 1' }])
      return size
    },
    close() {}
  }

  let ready: Promise<void> | undefined
  /** Once; after a failure the next call tries again. */
  const isReady = (): Promise<void> => {
    ready ??= Promise.resolve(prepare?.(bare)).catch((error) => {
      ready = undefined
      throw error
    })
    return ready
  }
  return {
    ...bare,
    all: async (sql, values) => {
      await isReady()
      return bare.all(sql, values)
    },
    transaction: async (statements) => {
      await isReady()
      await bare.transaction(statements)
    }
  }
}
