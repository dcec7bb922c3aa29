import { createClock } from '../drivers/_imageClock.ts'
import { sqlJs } from '../drivers/sqlJs.ts'
import type { SqlJsModule } from '../drivers/sqlJsModule.ts'
import type { SqlDriver, Statement } from '../drivers/types.ts'
import { runtime } from '../runtimes/generic.ts'
import { prepareSchema } from '../store/schema.ts'
import { createJournal, JOURNAL } from './journal.ts'
import { hasLocks, takeLock } from './lock.ts'
import { change, openStores, resultOf } from './stores.ts'

export interface PageDatabaseOptions {
  /** What `import initSqlJs from 'sql.js'` gives, or a promise of what it makes. */
  sqlJs: unknown
}

const IMAGE = 'image'
const STORES = [IMAGE, JOURNAL]

/**
 * A SQLite database by sql.js that is kept in IndexedDB, for `sqliteSink` and `openStore`. Each transaction goes to a journal
 * there when it is written; now and then, in at most 5 % of the time, the whole database is saved and the journal begins
 * anew. What was written is there at the next visit, however this one ends. Any number of tabs write; each sees the others'
 * rows at its next visit. Rejects where there is no IndexedDB, or no Web Locks (a page on neither https nor localhost).
 *
 * @example
 *     const database = await pageDatabase('calls', { sqlJs: initSqlJs })
 *     configure({ sinks: [sqliteSink(database, { maxRows: 10_000 })] })
 */
export async function pageDatabase(name: string, options: PageDatabaseOptions): Promise<SqlDriver> {
  if (!globalThis.indexedDB || !hasLocks()) {
    throw new Error(`[nfo] [sqlite] cannot open ${name}: it needs IndexedDB and Web Locks; use https or localhost`)
  }
  const { sqlJs: given } = options
  const place = `nfo sqlite ${name}`
  const module = (await (typeof given === 'function' ? given() : given)) as SqlJsModule
  // Who has the lock saves the whole; the others only write to the journal.
  let release = await takeLock(place)
  const stored = await openStores(place, STORES)
  const { image, keys, blocks } = await readAll(stored)
  const database = new module.Database(image)
  const memory = sqlJs(database, { part: 'sqlite' })
  for (const block of blocks) replay(memory, block)
  const journal = createJournal(stored, place)
  const applied = new Set(keys)
  const clock = createClock(save)
  let writing: Promise<unknown> = Promise.resolve()

  function save(): boolean {
    if (!release || applied.size === 0) return true
    const began = performance.now()
    const bytes = database.export()
    const done = [...applied]
    applied.clear()
    writing = change(stored, STORES, (images, journaled) => {
      images.put(bytes, IMAGE)
      for (const key of done) journaled.delete(key)
    }).catch((error) => {
      // The journal still has it all.
      for (const key of done) applied.add(key)
      runtime.print('stderr', `[nfo] [sqlite] cannot save ${name}: ${error?.message}; it is tried again`)
    })
    clock.took(performance.now() - began)
    return true
  }

  function append(statements: readonly Statement[], key: string): Promise<void> {
    const done = journal.append(statements, key)
    applied.add(key)
    clock.start()
    writing = done.catch(() => {})
    return done
  }

  async function flush(): Promise<void> {
    await writing
  }

  const driver: SqlDriver = {
    ...memory,
    transaction(statements) {
      memory.transaction(statements)
      return append(statements, journal.nextKey())
    },
    flush,
    flushSync: journal.shelve,
    // The page may go on with it: another sink, or a store that reads.
    close() {
      clock.stop()
      save()
      return flush()
    }
  }

  // What others save from now on, this page has not seen: it does not save any more, even if it is shown again.
  globalThis.addEventListener?.('pagehide', () => {
    release?.()
    release = undefined
  })
  if (release) {
    await journal.unshelve(async (key, statements) => {
      if (applied.has(key)) return
      replay(memory, statements)
      await append(statements, key)
    })
  }
  await prepareSchema(driver)
  if (applied.size > 0) clock.start()
  return driver
}

interface Stored {
  image: Uint8Array | undefined
  keys: IDBValidKey[]
  blocks: Statement[][]
}

async function readAll(stored: IDBDatabase): Promise<Stored> {
  const reading = stored.transaction(STORES)
  const journaled = reading.objectStore(JOURNAL)
  const [image, keys, blocks] = await Promise.all([
    resultOf(reading.objectStore(IMAGE).get(IMAGE)),
    resultOf(journaled.getAllKeys()),
    resultOf(journaled.getAll())
  ])
  return { image, keys, blocks }
}

/** What cannot be applied a second time, such as a column that two tabs have added, is there already. */
function replay(driver: SqlDriver, block: readonly Statement[]): void {
  try {
    driver.transaction(block)
  } catch {}
}
