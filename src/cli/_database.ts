import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import type { Entry } from '../core/types.ts'
import { openDriver } from '../drivers/open.ts'
import { loadSqlJs } from '../drivers/sqlJsModule.ts'
import type { SqlDriver } from '../drivers/types.ts'
import { toRow } from '../formats/row.ts'
import { runtime } from '../runtimes/generic.ts'
import { inserts } from '../sinks/_inserts.ts'
import { openDatabase, openStore } from '../store/open.ts'
import { prepareSchema } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { count } from './_values.ts'

/** Opens a file that nfo or its Python namesake wrote. Nothing on the disk changes. */
export const openForReading = (path: string, part: string): Store => openStore(path, { part })

/** Says what a file held that nobody could read. */
export function tellOfSkipped({ skipped }: Store): void {
  if (skipped === 0) return
  const what = skipped === 1 ? '1 line or record is' : `${count(skipped)} lines or records are`
  runtime.print('stderr', `${what} damaged and left out.`)
}

/** A new database, with its table. */
export async function createDatabase(to: string | object, part: string): Promise<SqlDriver> {
  const driver = openDriver(to, { part })
  await prepareSchema(driver)
  return driver
}

/** Appends entries to the table. */
export function insert(driver: SqlDriver, entries: readonly Entry[]): void | Promise<void> {
  return driver.transaction(inserts(entries.map(toRow), driver.variables))
}

/** The tables of a file, for reading: its own, or `logs` in memory, filled with its entries. */
export async function openTables(path: string, part: string): Promise<SqlDriver> {
  const { fs } = runtime
  return fs && isDatabase(path) ? openDatabase(fs, path, { part }) : loadIntoMemory(openStore(path, { part }), part)
}

const MAGIC = 'SQLite format 3\0'

/** Whether it is a SQLite database; also one of which there is only the journal so far. */
export function isDatabase(path: string): boolean {
  const head = Buffer.alloc(MAGIC.length)
  try {
    const file = openSync(path, 'r')
    readSync(file, head, 0, head.length, 0)
    closeSync(file)
  } catch {
    // Whoever opens it says what is wrong.
  }
  return head.toString('latin1') === MAGIC || (head[0] === 0 && existsSync(`${path}-nfo`))
}

const BATCH = 1000

async function loadIntoMemory(store: Store, part: string): Promise<SqlDriver> {
  const memory = await createDatabase(await inMemory(), part)
  let batch: Entry[] = []
  for await (const entry of store.query()) {
    batch.push(entry)
    if (batch.length < BATCH) continue
    await insert(memory, batch)
    batch = []
  }
  await insert(memory, batch)
  tellOfSkipped(store)
  await store.close()
  return memory
}

/** What `openDriver` takes for a database without a file. */
async function inMemory(): Promise<string | object> {
  if (runtime.name === 'bun' || hasNative()) return ':memory:'
  const { Database } = await loadSqlJs(undefined)
  return new Database()
}

function hasNative(): boolean {
  try {
    return runtime.require?.('node:sqlite') !== undefined
  } catch {
    return false
  }
}
