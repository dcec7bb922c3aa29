import { runtime } from '../runtimes/generic.ts'
import { damaged, locate, stampAt } from './_image.ts'
import { isAlive, lock } from './_imageLock.ts'
import { openJournal } from './_journal.ts'
import { codeOf, type Files, failure, filesFor, ifThere } from './_journalFiles.ts'
import { bunSqlite, isBunDatabase } from './bunSqlite.ts'
import { isNodeDatabase, nodeSqlite } from './nodeSqlite.ts'
import { sqlJsFile } from './sqlJsFile.ts'
import { absorbedBytes, markAbsorbed } from './sqlJsMount.ts'
import { sqlJsReader } from './sqlJsReader.ts'
import type { DriverOptions, SqlDriver } from './types.ts'

type Opener = (to: string, options: DriverOptions) => SqlDriver
const natives: Record<string, Opener> = { 'node:sqlite': nodeSqlite, 'bun:sqlite': bunSqlite }

/** Opens a file by the runtime's own SQLite, or by sql.js. Throws when it cannot be opened. */
export function openFile(path: string, options: DriverOptions): SqlDriver {
  const { part, driver: wanted = nativeName() ?? 'sql.js' } = options
  const fs = filesFor(part, path)
  if (wanted === 'sql.js') return options.readOnly ? sqlJsReader(path, options) : sqlJsFile(path, options)
  const open = natives[wanted]
  if (!open) throw new Error(`[nfo] [${part}] ${wanted} opens no files such as ${path}; pass its handle`)
  try {
    return openNative(fs, path, options, open)
  } catch (error) {
    throw failure(part, 'open', path, nativeError(error))
  }
}

function nativeName(): 'node:sqlite' | 'bun:sqlite' | undefined {
  if (runtime.name === 'bun') return 'bun:sqlite'
  try {
    return runtime.require?.('node:sqlite') ? 'node:sqlite' : undefined
  } catch {
    return undefined
  }
}

function openNative(fs: Files, path: string, options: DriverOptions, open: Opener): SqlDriver {
  if (path === ':memory:') return open(path, options)
  const place = locate(fs, path, !options.readOnly)
  const journal = `${place}-nfo`
  if (options.readOnly) {
    const hasRows = ifThere(() => fs.statSync(journal).size) || isAlive(fs, `${journal}.lock`)
    if (hasRows) return openReader(path, place, options, open)
    if (!stampAt(fs, place)) throw new Error('there is no such file; check the path')
    return open(place, options)
  }
  if (!stampAt(fs, journal) && !stampAt(fs, `${journal}.lock`)) return open(place, options)
  const unlock = lock(fs, `${journal}.lock`)
  try {
    return absorb(fs, place, open(place, options))
  } finally {
    unlock()
  }
}

/** sql.js sees the rows in its journal, which a native reader does not. */
function openReader(path: string, place: string, options: DriverOptions, open: Opener): SqlDriver {
  try {
    return sqlJsReader(path, options)
  } catch (error) {
    const { message } = error as Error
    if (!message.includes('sql.js')) throw error
    runtime.print(
      'stderr',
      `[nfo] [${options.part}] ${place}-nfo has newer rows, by sql.js, which is not installed here`
    )
    return open(place, options)
  }
}

/** What sql.js has left in its journal goes into the database, once, and the journal away. */
function absorb(fs: Files, path: string, driver: SqlDriver): SqlDriver {
  const journal = openJournal(fs, `${path}-nfo`, path)
  let isDone = false
  try {
    const blocks = journal.read()
    const statements = [...blocks.after(absorbedBytes(driver, blocks.id))].flat()
    if (statements.length > 0) driver.transaction([...statements, ...markAbsorbed(blocks)])
    isDone = true
    return driver
  } catch (error) {
    driver.close()
    throw error
  } finally {
    journal.close(!isDone)
  }
}

function nativeError(error: unknown): unknown {
  const { message, code } = error as Error & { code?: string }
  if (/malformed|not a database/.test(message)) return new Error(damaged(message), { cause: error })
  if (codeOf(error)?.startsWith('ERR_UNKNOWN_BUILTIN'))
    return new Error('this runtime has no such driver; leave it out')
  return code === undefined ? error : new Error(message, { cause: error })
}

/** Drives a database that the user has opened with the runtime's own SQLite; undefined when it is none. */
export function openNativeHandle(handle: object, options: DriverOptions): SqlDriver | undefined {
  if (isBunDatabase(handle)) return bunSqlite(handle, options)
  return isNodeDatabase(handle) ? nodeSqlite(handle, options) : undefined
}
