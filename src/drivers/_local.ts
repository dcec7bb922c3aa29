import type { Cell } from '../formats/row.ts'
import { runtime } from '../runtimes/generic.ts'
import type { DriverOptions, SqlDriver, Statement, Table } from './types.ts'

/** What one library of a runtime does with one open database. */
export interface Library {
  exec(sql: string): unknown
  run(statement: Statement): unknown
  all(sql: string, values: readonly Cell[]): Table
  close(): void
}

/** The driver of a database that the user has opened: no setting of it changes, and it stays open. */
export function handleDriver(name: SqlDriver['name'], library: Library, options: DriverOptions): SqlDriver {
  // A savepoint, as the user may be in the middle of a transaction.
  const transaction = within(library, 'SAVEPOINT nfo', 'RELEASE nfo', 'ROLLBACK TO nfo; RELEASE nfo')
  return prepared({ name, variables: VARIABLES, all: library.all, transaction, flushSync() {}, close() {} }, options)
}

/**
 * The driver of a database file. Commits reach the system at once and the disk with the next checkpoint (`flush`, `close`,
 * every 4 MiB). Other processes may write to the file too: each waits up to 5 s for the others.
 */
export function fileDriver(name: SqlDriver['name'], path: string, library: Library, options: DriverOptions): SqlDriver {
  const checkpoint = (): void => void library.all('PRAGMA wal_checkpoint(PASSIVE)', [])
  const flush = options.readOnly ? () => {} : checkpoint
  const driver: SqlDriver = {
    name,
    variables: VARIABLES,
    share: 3 / 4,
    all: library.all,
    transaction: within(library, 'BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'),
    flush,
    flushSync: flush,
    close() {
      library.close()
    }
  }
  try {
    library.exec('PRAGMA busy_timeout = 5000')
    if (options.readOnly) {
      library.exec('PRAGMA query_only = 1')
      return prepared(driver, options)
    }
    setUp(library, options)
    const opened = inode(path)
    driver.isGone = () => inode(path) !== opened
    return prepared(driver, options)
  } catch (error) {
    library.close()
    throw error
  }
}

/**
 * Whether a file is to be opened as one that may be written although it is only read: SQLite leaves a `-wal` and a `-shm` behind
 * when a reader was alone with a database that has such a log, and takes them away when the last one could have written.
 */
export function isAloneWithLog(path: string): boolean {
  const { fs } = runtime
  const header = new Uint8Array(1)
  try {
    fs!.statSync(`${path}-wal`)
    return false
  } catch {}
  try {
    const fd = fs!.openSync(path, 'r')
    try {
      fs!.readSync(fd, header, 0, 1, WRITE_VERSION_AT)
    } finally {
      fs!.closeSync(fd)
    }
  } catch {}
  return header[0] === 2
}

const WRITE_VERSION_AT = 18
const VARIABLES = 32766

const LOG_BYTES = 4 * 2 ** 20

function setUp(library: Library, { maxBytes = Number.POSITIVE_INFINITY }: DriverOptions): void {
  // Only a new file takes it.
  library.exec('PRAGMA auto_vacuum = INCREMENTAL')
  try {
    library.exec('PRAGMA journal_mode = WAL')
  } catch {
    // Another process is just doing it, or the file system has no shared memory: SQLite then goes on with what there is.
  }
  library.exec('PRAGMA synchronous = NORMAL')
  // The log may pass its mark by one transaction, so it gets a sixteenth of the room and has a quarter.
  const logBytes = Math.floor(Math.min(LOG_BYTES, maxBytes / 16))
  library.exec(`PRAGMA wal_autocheckpoint = ${Math.ceil(logBytes / 4096)}; PRAGMA journal_size_limit = ${logBytes}`)
}

function inode(path: string): number | undefined {
  try {
    return runtime.fs?.statSync(path).ino
  } catch {
    return -1
  }
}

function prepared(driver: SqlDriver, { prepare }: DriverOptions): SqlDriver {
  prepare?.(driver)
  return driver
}

function within(library: Library, begin: string, commit: string, undo: string): SqlDriver['transaction'] {
  return (statements) => {
    library.exec(begin)
    try {
      for (const statement of statements) library.run(statement)
      library.exec(commit)
    } catch (error) {
      try {
        library.exec(undo)
      } catch {
        // A full disk has rolled it back already.
      }
      throw error
    }
  }
}

/** Prepared statements by their text. */
export interface StatementCache<Prepared> {
  get(sql: string): Prepared
  clear(): void
}

/** Keeps the last ones; all are let go when there are too many. */
export function statementCache<Prepared>(
  prepare: (sql: string) => Prepared,
  release: (statement: Prepared) => void = () => {}
): StatementCache<Prepared> {
  const cache = new Map<string, Prepared>()

  function clear(): void {
    cache.forEach(release)
    cache.clear()
  }

  return {
    clear,
    get(sql) {
      const known = cache.get(sql)
      if (known !== undefined) return known
      if (cache.size >= 64) clear()
      const made = prepare(sql)
      cache.set(sql, made)
      return made
    }
  }
}
