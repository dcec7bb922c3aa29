import { attempt } from './_after.ts'
import { damaged } from './_image.ts'
import type { Blocks } from './_journalBlocks.ts'
import { type SqlJsLibrary, sqlJsLibrary } from './sqlJsLibrary.ts'
import type { SqlJsModule } from './sqlJsModule.ts'
import type { DriverOptions, SqlDriver, Statement, Table } from './types.ts'

/** A driver that always answers at once, over a database in memory. */
export interface MountedDriver extends SqlDriver {
  all: SqlJsLibrary['all']
  /** What `beforeCommit` throws takes the transaction back. */
  transaction(statements: readonly Statement[], beforeCommit?: () => void): void
  close(): void
}

/** A database in memory. */
export interface Mounted {
  readonly driver: MountedDriver
  /** The whole database as bytes. */
  save(): Uint8Array
}

/** Opens a database image, or a new database. */
export function mount({ Database }: SqlJsModule, bytes: Uint8Array | undefined): Mounted {
  const database = new Database(bytes)
  const library = sqlJsLibrary(database)
  const { exec, run, all, close } = library

  // Nothing of it is on a disk: all that a transaction needs is the way back. A new file can be made smaller later on.
  const setUp = (): void => {
    exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY')
    if (!bytes) exec('PRAGMA auto_vacuum = INCREMENTAL')
  }

  function undo(): void {
    try {
      exec('ROLLBACK')
    } catch {
      // Some errors (no memory) have taken it back already.
    }
  }

  const driver: MountedDriver = {
    name: 'sql.js',
    variables: 32_766,
    all,
    transaction(statements, beforeCommit) {
      exec('BEGIN')
      try {
        for (const statement of statements) run(statement)
        beforeCommit?.()
        exec('COMMIT')
      } catch (error) {
        undo()
        throw error
      }
    },
    close
  }
  try {
    setUp()
  } catch (error) {
    close()
    throw error
  }
  return {
    driver,
    save() {
      library.forget()
      const image = database.export()
      // Before 1.16 the database is another one after that.
      setUp()
      return image
    }
  }
}

/** The statements that note, in the image, how much of a journal it holds. */
export function markAbsorbed({ id, size }: Pick<Blocks, 'id' | 'size'>): Statement[] {
  return [
    { sql: 'CREATE TABLE IF NOT EXISTS nfo_journal (id INTEGER, bytes INTEGER)' },
    { sql: 'DELETE FROM nfo_journal' },
    { sql: 'INSERT INTO nfo_journal VALUES (?, ?)', values: [id, size] }
  ]
}

/** How many bytes of that journal a database holds already. */
export function absorbedBytes(driver: SqlDriver, id: number): number {
  const read = (sql: string): unknown => (driver.all(sql) as Table).rows[0]?.[0]
  if (!read("SELECT 1 FROM sqlite_master WHERE name = 'nfo_journal'")) return 0
  return Number(read(`SELECT bytes FROM nfo_journal WHERE id = ${id}`) ?? 0)
}

/** Says what a person can do about a damaged database. */
export function explained(error: unknown): unknown {
  const { message } = error as Error
  return /malformed|not a database/.test(message) ? new Error(damaged(message), { cause: error }) : error
}

/** Sets the database up; answers with a promise only when `prepare` does. */
export function prepareMounted({ driver }: Mounted, { prepare }: DriverOptions): void | Promise<void> {
  const bare: SqlDriver = { ...driver, transaction: (statements) => driver.transaction(statements), close() {} }
  const fail = (error: unknown): never => {
    driver.close()
    throw error
  }
  return attempt(() => prepare?.(bare), fail)
}

/** Applies what a database lacks of a journal. A transaction that fails goes to `reject`. */
export function replay(
  driver: SqlDriver,
  journal: Blocks,
  reject: (statements: Statement[], error: Error) => void
): void {
  for (const statements of journal.after(absorbedBytes(driver, journal.id))) {
    try {
      driver.transaction(statements)
    } catch (error) {
      const problem = explained(error) as Error
      if (problem !== error) throw problem
      reject(statements, problem)
    }
  }
}
