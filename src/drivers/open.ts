import { runtime } from '../runtimes/generic.ts'
import { damaged, locate, stampAt } from './_image.ts'
import { isAlive, lock } from './_imageLock.ts'
import { openJournal } from './_journal.ts'
import { codeOf, type Files, failure, filesFor, ifThere } from './_journalFiles.ts'
import { bunSqlite, isBunDatabase } from './bunSqlite.ts'
import { d1, isD1Database } from './d1.ts'
import { durableObject, isDurableObjectStorage } from './durableObject.ts'
import { isNodeDatabase, nodeSqlite } from './nodeSqlite.ts'
import { isSqlJsDatabase, sqlJs } from './sqlJs.ts'
import { absorbedBytes, markAbsorbed } from './sqlJsMount.ts'
import type { DriverOptions, SqlDriver } from './types.ts'

/**
 * Opens a database: a path, or a handle of the user's (sql.js, node:sqlite, bun:sqlite, D1, a Durable Object's storage, or a
 * driver). A path is opened by the runtime's own SQLite, or by sql.js. Throws when it cannot be opened.
 */
export function openDriver(to: string | object, options: DriverOptions): SqlDriver {
  return typeof to === 'string' ? openFile(to, options) : openHandle(to, options)
}

function openHandle(handle: object, options: DriverOptions): SqlDriver {
  if (isDriver(handle)) {
    options.prepare?.(handle)
    return handle
  }
  // Bindings may be proxies that seem to have every member.
  if (isD1Database(handle)) return d1(handle, options)
  if (isDurableObjectStorage(handle)) return durableObject(handle, options)
  if (isSqlJsDatabase(handle)) return sqlJs(handle, options)
  if (isBunDatabase(handle)) return bunSqlite(handle, options)
  if (isNodeDatabase(handle)) return nodeSqlite(handle, options)
  const known = 'a path, or a database of sql.js, node:sqlite, bun:sqlite, D1 or ctx.storage of a Durable Object'
  throw new Error(`[nfo] [${options.part}] cannot open this handle; pass ${known}`)
}

function isDriver(handle: object): handle is SqlDriver {
  const { all, transaction, variables } = handle as SqlDriver
  return typeof all === 'function' && typeof transaction === 'function' && typeof variables === 'number'
}

type Opener = (to: string, options: DriverOptions) => SqlDriver
const natives: Record<string, Opener> = { 'node:sqlite': nodeSqlite, 'bun:sqlite': bunSqlite }

function openFile(path: string, options: DriverOptions): SqlDriver {
  const { part, driver: wanted = nativeName() ?? 'sql.js' } = options
  const fs = filesFor(part, path)
  if (wanted === 'sql.js') return sqlJs(path, options)
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
    return sqlJs(path, options)
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
