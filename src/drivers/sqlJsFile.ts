import { runtime } from '../runtimes/generic.ts'
import { hotJournal, type Image, locate, readImage, replaceImage, stampAt } from './_image.ts'
import { lock } from './_imageLock.ts'
import { openJournal } from './_journal.ts'
import { type Files, failure, filesFor, writeAll } from './_journalFiles.ts'
import { loadSqlJs, type SqlJsModule } from './sqlJsModule.ts'
import { absorbedBytes, explained, type Mounted, markAbsorbed, mount, prepareMounted, replay } from './sqlJsMount.ts'
import type { DriverOptions, SqlDriver, Statement } from './types.ts'

/** Milliseconds between a first change and its checkpoint, at least. */
const SOON = 1000
/** How many times longer than a checkpoint took the next one waits: they take 5 % of the time. */
const PAUSE = 20
/** Bytes per millisecond that checkpoints may write while the journal is the smaller of the two: 50 kB/s. */
const CALM = 50
/** The file, the one that is about to replace it, and the journal take a third each of `maxBytes`. */
const SHARE = 1 / 3

/** Files that could not be saved: said once, however often they are opened anew. */
const warned = /* @__PURE__ */ new Set<string>()

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
  const { maxBytes = Number.POSITIVE_INFINITY } = options
  const first = readable(fs, path)
  const journal = openJournal(fs, `${path}-nfo`, path)
  let sqlJs: SqlJsModule
  let mounted: Mounted | undefined
  let problem: unknown
  let closed = false
  /** Bytes of the journal that the file holds, and of the file. */
  let saved = 0
  let size = first.bytes?.length ?? 0
  /** Of the file that the database in memory came from, or went to. */
  let { stamp } = first
  const clock = checkpointClock(save)

  const ready = loading.then(begin).catch((error) => {
    problem = failure(options.part, 'open', path, explained(error))
    throw problem
  })
  ready.catch(() => {})

  async function begin(module: SqlJsModule): Promise<void> {
    sqlJs = module
    const opened = mount(sqlJs, first.bytes)
    await prepareMounted(opened, options)
    take(opened)
  }

  /** Brings a freshly read database up to date and goes on with that one. */
  function take(opened: Mounted): void {
    try {
      saved = absorbedBytes(opened.driver, journal.id)
      replay(opened.driver, journal.read(), reject)
    } catch (error) {
      opened.driver.close()
      throw error
    }
    mounted?.driver.close()
    mounted = opened
    if (isBehind()) clock.start()
  }

  const isBehind = (): boolean => mounted !== undefined && journal.size > saved

  /** Keeps what the database does not take, for a person to see. */
  function reject(statements: Statement[], error: Error): void {
    const place = `${path}-nfo.rejected`
    const fd = fs.openSync(place, 'a')
    writeAll(fs, fd, new TextEncoder().encode(`${JSON.stringify(statements)}\n`), fs.fstatSync(fd).size)
    fs.closeSync(fd)
    const what = `${path} does not take a transaction of its journal (${error.message})`
    runtime.print('stderr', `[nfo] [${options.part}] ${what}; it is now in ${place}`)
  }

  /** False when it has to wait: SQLite is at work on the file in another process, or somebody wrote to it just now. */
  function checkpoint(): boolean {
    if (hotJournal(fs, path)) return false
    if (stampAt(fs, path) !== stamp) reload()
    const { driver, save } = mounted!
    driver.transaction(markAbsorbed(journal))
    const bytes = save()
    journal.sync()
    const replaced = replaceImage(fs, path, bytes, stamp)
    if (replaced === false) return false
    stamp = replaced
    size = bytes.length
    saved = journal.size
    journal.restart()
    saved = 0
    return true
  }

  /** Somebody else has changed the file: their rows stay, and ours of the journal are added. */
  function reload(): void {
    const image = readable(fs, path)
    const opened = mount(sqlJs, image.bytes)
    Promise.resolve(prepareMounted(opened, options)).catch(() => {})
    take(opened)
    stamp = image.stamp
  }

  /** True when nothing is left to do. What could not be saved stays in the journal. */
  function save(force: boolean): boolean {
    if (!isBehind()) return true
    if (!force && journal.size - saved < size && clock.idle() * CALM < size) return false
    const start = performance.now()
    try {
      checkpoint()
      warned.delete(path)
    } catch (error) {
      warn(error)
    }
    clock.took(performance.now() - start)
    return !isBehind()
  }

  function warn(error: unknown): void {
    if (warned.has(path)) return
    warned.add(path)
    const { message } = failure(options.part, 'save', path, explained(error))
    runtime.print('stderr', `${message}; its new rows are in ${path}-nfo, and it is tried again`)
  }

  function usable(): void {
    if (problem) throw problem
    if (closed) throw new Error(`[nfo] [${options.part}] cannot use ${path}: it is closed; write before close()`)
  }

  function append(statements: readonly Statement[]): void {
    try {
      journal.append(statements)
    } catch (error) {
      throw failure(options.part, 'write', `${path}-nfo`, error)
    }
  }

  function finish(): void {
    // What cannot be saved, or has never been applied, is for the next one.
    const isDone = save(true) && mounted !== undefined
    mounted?.driver.close()
    mounted = undefined
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
    all(sql, values) {
      usable()
      return mounted ? mounted.driver.all(sql, values ?? []) : ready.then(() => mounted!.driver.all(sql, values ?? []))
    },
    transaction(statements) {
      usable()
      if (statements.length === 0) return
      if (!mounted) return append(statements)
      mounted.driver.transaction(statements, () => append(statements))
      if (!warned.has(path) && journal.size > maxBytes * SHARE) save(true)
      else clock.start()
    },
    flush: () => journal.sync(),
    flushSync() {
      journal.sync()
      save(true)
    },
    close() {
      if (closed) return
      closed = true
      clock.stop()
      if (mounted) return finish()
      this.flushSync?.()
      return ready.then(finish, finish)
    }
  }
}

function readable(fs: Files, path: string): Image {
  const hot = hotJournal(fs, path)
  if (hot) {
    const fix = `close what has it open, or run: sqlite3 ${path} "PRAGMA wal_checkpoint(TRUNCATE)"`
    throw new Error(`${hot} holds rows that sql.js cannot see; ${fix}`)
  }
  return readImage(fs, path)
}

interface CheckpointClock {
  /** A checkpoint has to come. */
  start(): void
  stop(): void
  took(ms: number): void
  /** Milliseconds since the last one. */
  idle(): number
}

/** Calls `save` in good time, again and again until it is done. */
function checkpointClock(save: (force: boolean) => boolean): CheckpointClock {
  let last = performance.now()
  let due = 0
  let cancel: (() => void) | undefined

  function fire(): void {
    cancel = undefined
    if (!save(false)) start()
  }

  function start(): void {
    const now = performance.now()
    if (cancel) {
      // The event loop has been blocked: no timer comes.
      if (now > due + SOON) {
        due = now + SOON
        save(false)
      }
      return
    }
    due = Math.max(due, now + SOON)
    cancel = runtime.later(fire, due - now)
  }

  return {
    start,
    stop: () => cancel?.(),
    took(ms) {
      last = performance.now()
      due = last + PAUSE * ms
    },
    idle: () => performance.now() - last
  }
}
