import { openDriver } from '../drivers/open.ts'
import type { DriverOptions, SqlDriver } from '../drivers/types.ts'
import { readRecord } from '../record/read.ts'
import { runtime } from '../runtimes/generic.ts'
import type { FileSystem } from '../runtimes/types.ts'
import { databaseStore } from './database.ts'
import { ifThere, rotatedOf } from './fileSet.ts'
import { fileStore } from './files.ts'
import { headOf, isGzip } from './pieces.ts'
import { textFormat } from './reader.ts'
import { recordFile } from './recordFile.ts'
import { prepareSchema } from './schema.ts'
import type { Store } from './store.ts'
import { textFiles } from './textFiles.ts'

export interface StoreOptions {
  /** For a database file: this library, where there are several. @default the runtime's own, else sql.js */
  driver?: SqlDriver['name']
  /** What `import initSqlJs from 'sql.js'` gives, or a promise of what it makes. @default the package, when it is needed */
  sqlJs?: unknown
  /** Names the part in errors. @default 'store' */
  part?: string
}

/**
 * Opens what nfo, or its Python namesake, wrote: a path, or a database handle (sql.js, node:sqlite, bun:sqlite, D1, a Durable
 * Object's storage). What a file is shows by its content: a SQLite database, JSON lines or CSV, each with the rotated and
 * compressed files beside it, or a record file. Nothing on the disk changes. Throws when there is no such file, or it is none
 * of these.
 *
 * @example
 *     const store = openStore('app.db')
 *     for await (const entry of store.query({ level: 'error', last: '24h', order: 'newest', limit: 10 })) console.log(entry)
 *     console.log(await store.stats({ function: 'Cart.*' }))
 *     await store.close()
 */
export function openStore(from: string | object, options: StoreOptions = {}): Store {
  const { part = 'store', driver, sqlJs } = options
  if (typeof from !== 'string') return databaseStore(openDriver(from, { part, readOnly: true }), part)
  const { fs } = runtime
  if (!fs) throw new Error(`[nfo] [${part}] cannot open ${from}: this runtime has no files; pass a database handle`)
  const kind = kindOf(fs, from, part)
  if (kind === 'database') return databaseStore(openDatabase(fs, from, { part, driver, sqlJs }), part)
  return fileStore(kind === 'record' ? recordFile(fs, from) : textFiles(fs, from))
}

/** Opens a database file for reading. */
export function openDatabase(fs: FileSystem, path: string, options: DriverOptions): SqlDriver {
  const prepare = hasJournal(fs, path) ? prepareMemory : undefined
  return openDriver(path, { ...options, readOnly: true, prepare })
}

/** Tables and columns are not in the journal of sql.js, so its copy in memory may lack them. Files stay as they are. */
function prepareMemory(driver: SqlDriver): void | Promise<void> {
  return driver.name === 'sql.js' ? prepareSchema(driver) : undefined
}

type Kind = 'database' | 'record' | 'text'

function kindOf(fs: FileSystem, path: string, part: string): Kind {
  try {
    const head = ifThere(() => readHead(fs, path))
    const kind = head === undefined ? kindBeside(fs, path) : kindIn(fs, path, head)
    if (kind) return kind
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string }
    let fix = 'check the path and its permissions'
    if (code === 'EISDIR') fix = 'name a file, not a folder'
    if (name === 'NotCapable') fix = `run Deno with --allow-read=${path}`
    throw new Error(`[nfo] [${part}] cannot open ${path}: ${message}; ${fix}`, { cause: error })
  }
  const known = 'a SQLite database, JSON lines, CSV or a record file'
  throw new Error(`[nfo] [${part}] cannot read ${path}: it is none of what nfo reads; give ${known}`)
}

function readHead(fs: FileSystem, path: string): Uint8Array {
  const fd = fs.openSync(path, 'r')
  try {
    return headOf(fs, fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** There may be no file at the path: it was just rotated, or sql.js has so far written to its journal alone. */
function kindBeside(fs: FileSystem, path: string): Kind {
  if (rotatedOf(fs, path).length > 0) return 'text'
  if (!hasJournal(fs, path)) fs.statSync(path)
  return 'database'
}

const hasJournal = (fs: FileSystem, path: string): boolean => ifThere(() => fs.statSync(`${path}-nfo`)) !== undefined

function kindIn(fs: FileSystem, path: string, head: Uint8Array): Kind | undefined {
  const text = new TextDecoder().decode(head)
  if (text.startsWith('SQLite format 3\0')) return 'database'
  if (text.startsWith('nfo\x1a')) return 'record'
  if (head.length === 0) return hasJournal(fs, path) ? 'database' : 'text'
  if (isGzip(head) || textFormat(text)) return 'text'
  // Its first block may be damaged.
  return readRecord(fs.readFileSync(path)).format > 0 ? 'record' : undefined
}
