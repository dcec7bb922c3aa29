import type { Cell } from '../formats/row.ts'

/** A statement and what it binds, by position. */
export interface Statement {
  readonly sql: string
  readonly values?: readonly Cell[]
}

/** What a query gives. Values that are neither text nor numbers (blobs, 64-bit integers) come as the library gives them. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/**
 * One SQLite database, whoever runs it. A local one answers at once, so that it can be written on the way out of a process;
 * D1 answers with promises, and so does a sql.js that is still loading. Errors are those of the library.
 */
export interface SqlDriver {
  readonly name: 'sql.js' | 'node:sqlite' | 'bun:sqlite' | 'd1' | 'durable-object'
  /** How many values one statement may bind. */
  readonly variables: number
  /** Runs one statement that reads. */
  all(sql: string, values?: readonly Cell[]): Table | Promise<Table>
  /** Runs statements in their order: all of them, or none when one throws. */
  transaction(statements: readonly Statement[]): void | Promise<void>
  /** The share of `maxBytes` that is left for the database's content, next to journals and the like. @default 1 */
  readonly share?: number
  /** The bytes that the database's content takes, where SQLite may not be asked (`PRAGMA page_count`). */
  bytes?(): number | Promise<number>
  /** True when the file was deleted or replaced since it was opened: writing on would write into nothing. */
  isGone?(): boolean
  /** Makes what was written durable. */
  flush?(): void | Promise<void>
  /** The same on the way out of a process, without waiting. */
  flushSync?(): void
  /** Closes what the driver opened; a handle of the user's stays open. */
  close(): void | Promise<void>
}

export interface DriverOptions {
  /** Names the part in errors: `sqlite`, `query`. */
  part: string
  /** Nothing is created or changed on the disk. @default false */
  readOnly?: boolean
  /**
   * Sets the database up (tables, columns, indices) before anything else runs; may run again. A local driver calls it when
   * it opens, sql.js before it replays its journal.
   */
  prepare?(driver: SqlDriver): void | Promise<void>
  /**
   * The bytes that all files of the database may take together: the driver keeps whatever it needs beside the content within
   * what `share` leaves. @default without limit
   */
  maxBytes?: number
  /** What `import initSqlJs from 'sql.js'` gives, or a promise of what it makes. @default the package, when it is needed */
  sqlJs?: unknown
  /** Takes this one where there are several. @default the runtime's own, else sql.js */
  driver?: SqlDriver['name']
}
