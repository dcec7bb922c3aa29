import { locate } from './_image.ts'
import { lock } from './_imageLock.ts'
import { openJournal } from './_journal.ts'
import { type Files, failure, filesFor } from './_journalFiles.ts'
import { createKeeper, readUnused, SHARE } from './sqlJsKeeper.ts'
import { loadSqlJs, type SqlJsModule } from './sqlJsModule.ts'
import { explained } from './sqlJsMount.ts'
import type { DriverOptions, SqlDriver, Statement } from './types.ts'

/**
 * A database file by sql.js, which holds it in memory and can only save it as a whole: each transaction goes to a journal
 * beside it (`PATH-nfo`) first, and the file is replaced now and then (a checkpoint), on `flushSync` and on `close`. It locks
 * out other writers (`PATH-nfo.lock`). Until sql.js has loaded, transactions go to the journal alone.
 */
export function sqlJsFile(path: string, options: DriverOptions): SqlDriver {
  const fs = filesFor(options.part, path)
  try {
    return open(fs, locate(fs, path, true), options)
  } catch (error) {
    throw failure(options.part, 'open', path, error)
  }
}

function open(fs: Files, path: string, options: DriverOptions): SqlDriver {
  const loading = loadSqlJs(options.sqlJs)
  loading.catch(() => {})
  const unlock = lock(fs, `${path}-nfo.lock`)
  try {
    return drive(fs, path, options, loading, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

function drive(
  fs: Files,
  path: string,
  options: DriverOptions,
  loading: Promise<SqlJsModule>,
  unlock: () => void
): SqlDriver {
  const { part } = options
  const image = readUnused(fs, path)
  const journal = openJournal(fs, `${path}-nfo`, path)
  const keeper = createKeeper(fs, image, path, journal, options)
  let problem: unknown
  let closed = false

  const ready = loading.then(keeper.begin).catch((error) => {
    problem = failure(part, 'open', path, explained(error))
    throw problem
  })
  ready.catch(() => {})

  function refuseIfUnusable(): void {
    if (problem) throw problem
    if (closed) throw new Error(`[nfo] [${part}] cannot use ${path}: it is closed; write before close()`)
  }

  function append(statements: readonly Statement[]): void {
    try {
      journal.append(statements)
    } catch (error) {
      throw failure(part, 'write', `${path}-nfo`, error)
    }
  }

  function finish(): void {
    // What cannot be saved, or has never been applied, is for the next one.
    const isDone = keeper.save(true) && keeper.driver !== undefined
    keeper.stop()
    try {
      journal.close(!isDone)
    } finally {
      unlock()
    }
  }

  return {
    name: 'sql.js',
    variables: 32_766,
    share: SHARE,
    all(sql, values = []) {
      refuseIfUnusable()
      return keeper.driver?.all(sql, values) ?? ready.then(() => keeper.driver!.all(sql, values))
    },
    transaction(statements) {
      refuseIfUnusable()
      if (statements.length === 0) return
      if (!keeper.driver) return append(statements)
      keeper.driver.transaction(statements, () => append(statements))
      keeper.changed()
    },
    flush: journal.sync,
    flushSync() {
      journal.sync()
      keeper.save(true)
    },
    close() {
      if (closed) return
      closed = true
      return keeper.driver ? finish() : ready.then(finish, finish)
    }
  }
}
