import { bunSqlite } from '../../src/drivers/bunSqlite.ts'
import { nodeSqlite } from '../../src/drivers/nodeSqlite.ts'
import type { DriverOptions, SqlDriver } from '../../src/drivers/types.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { runtimeName } from '../_run/runtime.ts'

/** The SQLite of a runtime. */
export interface NativeLibrary {
  open(to: string | object, options: DriverOptions): SqlDriver
  /** A handle as a user has it. */
  handle(path: string): NativeHandle
}

/** What the handles of all runtimes can do. */
export interface NativeHandle {
  exec(sql: string): void
  prepare(sql: string): { all(...values: unknown[]): Record<string, unknown>[] }
  close(): void
}

type Class = new (path: string) => NativeHandle

function found(): NativeLibrary | undefined {
  try {
    if (runtimeName === 'bun') {
      const { Database } = runtime.require!('bun:sqlite') as { Database: Class }
      return { open: bunSqlite as NativeLibrary['open'], handle: (path) => new Database(path) }
    }
    const { DatabaseSync } = runtime.require!('node:sqlite') as { DatabaseSync: Class }
    return { open: nodeSqlite as NativeLibrary['open'], handle: (path) => new DatabaseSync(path) }
  } catch {
    return undefined
  }
}

/** The runtime's own SQLite; undefined on Node before 22.13, Workers and browsers. */
export const native: NativeLibrary | undefined = found()
