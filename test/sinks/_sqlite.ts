import type { Entry, Sink } from '../../src/core/types.ts'
import { openDriver } from '../../src/drivers/open.ts'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { type Cell, COLUMNS, fromRow } from '../../src/formats/row.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { type SqliteOptions, sqliteSink } from '../../src/sinks/sqlite.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { has, runtimeName, scratch } from '../_run/runtime.ts'
import { native } from '../drivers/_native.ts'
import { sqlJsModule } from '../drivers/_sqlJs.ts'

/** One way to a database. */
export interface Way {
  readonly name: string
  readonly can: boolean
  readonly reason: string
  /** The driver of a path; none for a handle. */
  readonly driver?: SqlDriver['name']
  /** What `sqliteSink` gets, new at every call. */
  make(): string | object | Promise<string | object>
}

const nativeName: SqlDriver['name'] = runtimeName === 'bun' ? 'bun:sqlite' : 'node:sqlite'
const NO_NATIVE = 'no SQLite of its own'
const NO_PACKAGE = 'no packages by name here'

/** On Node before 20.16 files come a moment after the start. */
async function inFile(): Promise<string> {
  while (!runtime.fs) await new Promise((resolve) => setTimeout(resolve, 1))
  return scratch('sink.db')
}

const nativeFile: Way = {
  name: 'native path',
  can: native !== undefined,
  reason: NO_NATIVE,
  driver: nativeName,
  make: inFile
}
const sqlJsFile: Way = { name: 'sql.js path', can: has.files, reason: NO_PACKAGE, driver: 'sql.js', make: inFile }

/** Databases in files. */
export const files: Way[] = [nativeFile, sqlJsFile]

/** Every way that this test may go, on one runtime or another. */
export const ways: Way[] = [
  ...files,
  { name: 'native handle', can: nativeFile.can, reason: NO_NATIVE, make: () => native!.handle(':memory:') },
  {
    name: 'sql.js handle',
    can: has.files,
    reason: NO_PACKAGE,
    make: async () => new (await sqlJsModule()).Database()
  }
]

export const sinkFor = ({ driver }: Way, to: string | object, options: SqliteOptions = {}): Sink =>
  sqliteSink(to, { driver, ...options })

/** Asks the database, through a driver of its own; the sink has to have closed one of sql.js's. */
export async function ask({ driver }: Way, to: string | object, sql: string): Promise<readonly (readonly unknown[])[]> {
  const reader = openDriver(to, { part: 'test', driver, prepare: prepareSchema })
  const { rows } = await reader.all(sql)
  await reader.close()
  return rows
}

const IN_ORDER = `SELECT ${COLUMNS} FROM logs ORDER BY id`

export const cellsOf = async (way: Way, to: string | object): Promise<Cell[][]> =>
  (await ask(way, to, IN_ORDER)).map((row) => [...row] as Cell[])

export async function entriesOf(way: Way, to: string | object): Promise<Entry[]> {
  const rows = await cellsOf(way, to)
  return rows.map((row) => fromRow(Object.fromEntries(row.map((cell, at) => [COLUMNS[at], cell]))))
}
