import { runtime } from '../runtimes/generic.ts'
import { hotJournal, type Image, readImage, replaceImage, stampAt } from './_image.ts'
import { createClock } from './_imageClock.ts'
import type { Journal } from './_journal.ts'
import { type Files, failure } from './_journalFiles.ts'
import { keepRejected } from './_journalRejected.ts'
import type { SqlJsModule } from './sqlJsModule.ts'
import {
  absorbedBytes,
  explained,
  type Mounted,
  type MountedDriver,
  markAbsorbed,
  mount,
  prepareMounted,
  replay
} from './sqlJsMount.ts'
import type { DriverOptions } from './types.ts'

/** Bytes per millisecond that checkpoints may write while the journal is the smaller of the two: 50 kB/s. */
const CALM = 50
/** The file, the one that is about to replace it, and the journal take a third each of `maxBytes`. */
export const SHARE: number = 1 / 3

/** Files that could not be saved: said once, however often they are opened anew. */
const warned = /* @__PURE__ */ new Set<string>()

/** Keeps a database in memory and its file in step. */
export interface Keeper {
  /** Undefined before `begin`. */
  readonly driver: MountedDriver | undefined
  /** Brings up what the file and the journal hold. */
  begin(sqlJs: SqlJsModule): Promise<void>
  /** After a transaction: it has to be saved, in good time. */
  changed(): void
  /** Saves what is new, if that is worth it now or `must` be. True when nothing is left to do; else the journal has it. */
  save(must: boolean): boolean
  stop(): void
}

export function createKeeper(fs: Files, image: Image, path: string, journal: Journal, options: DriverOptions): Keeper {
  const { part, maxBytes = Number.POSITIVE_INFINITY } = options
  let module: SqlJsModule
  let mounted: Mounted | undefined
  let { bytes, stamp } = image
  let size = bytes?.length ?? 0
  /** Bytes of the journal that the file holds. */
  let saved = 0
  const clock = createClock(() => save(false))

  async function begin(sqlJs: SqlJsModule): Promise<void> {
    module = sqlJs
    const opened = mount(module, bytes)
    bytes = undefined
    await prepareMounted(opened, options)
    take(opened)
  }

  /** Brings a freshly read database up to date and goes on with that one. */
  function take(opened: Mounted): void {
    try {
      saved = absorbedBytes(opened.driver, journal.id)
      replay(opened.driver, journal.read(), (...rejected) => keepRejected(fs, path, part, ...rejected))
    } catch (error) {
      opened.driver.close()
      throw error
    }
    mounted?.driver.close()
    mounted = opened
    if (isBehind()) clock.start()
  }

  const isBehind = (): boolean => mounted !== undefined && journal.size > saved

  /** Somebody else has changed the file: their rows stay, and ours of the journal are added. */
  function reload(): void {
    const theirs = readUnused(fs, path)
    const opened = mount(module, theirs.bytes)
    Promise.resolve(prepareMounted(opened, options)).catch(() => {})
    take(opened)
    stamp = theirs.stamp
  }

  /** Does nothing while SQLite is at work on the file in another process. */
  function checkpoint(): void {
    if (hotJournal(fs, path)) return
    if (stampAt(fs, path) !== stamp) reload()
    const { driver, save } = mounted!
    driver.transaction(markAbsorbed(journal))
    const content = save()
    // The image must not be ahead of the journal: after a power cut, more would be put where it has read already.
    journal.sync()
    const replaced = replaceImage(fs, path, content, stamp)
    if (replaced === false) return
    stamp = replaced
    size = content.length
    saved = journal.size
    journal.restart()
    saved = 0
  }

  function save(must: boolean): boolean {
    if (!isBehind()) return true
    if (!must && journal.size - saved < size && clock.idle() * CALM < size) return false
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
    const { message } = failure(part, 'save', path, explained(error))
    runtime.print('stderr', `${message}; its new rows are in ${path}-nfo, and it is tried again`)
  }

  return {
    get driver() {
      return mounted?.driver
    },
    begin,
    changed() {
      if (!warned.has(path) && journal.size > maxBytes * SHARE) save(true)
      else clock.start()
    },
    save,
    stop() {
      clock.stop()
      mounted?.driver.close()
      mounted = undefined
    }
  }
}

/** The file, unless SQLite is at work on it. */
export function readUnused(fs: Files, path: string): Image {
  const hot = hotJournal(fs, path)
  if (!hot) return readImage(fs, path)
  const fix = `close what has it open, or run: sqlite3 ${path} "PRAGMA wal_checkpoint(TRUNCATE)"`
  throw new Error(`${hot} holds rows that sql.js cannot see; ${fix}`)
}
