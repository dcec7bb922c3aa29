import type { Entry } from '../../src/core/types.ts'
import { openDriver } from '../../src/drivers/open.ts'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { csvHeader, toCsv } from '../../src/formats/csv.ts'
import { toJson } from '../../src/formats/json.ts'
import { COLUMNS, toRow } from '../../src/formats/row.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import type { FileSystem } from '../../src/runtimes/types.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { has } from '../_run/runtime.ts'

/** Node before 20.16 has modules of its own, and sql.js, a moment after they were first asked for. */
export async function warmUp(): Promise<void> {
  if (!has.files) return
  for (const name of ['node:fs', 'node:module']) await import(name)
  try {
    runtime.require?.('sql.js')
  } catch {}
  await new Promise((resolve) => setTimeout(resolve, 20))
}

export const jsonLines = (entries: readonly Entry[]): string => entries.map((entry) => `${toJson(entry)}\n`).join('')
export const csvLines = (entries: readonly Entry[]): string =>
  `${csvHeader}\r\n${entries.map((entry) => `${toCsv(entry)}\r\n`).join('')}`

/** Creates a file, or goes on with one that is there. */
export function put(path: string, content: string | Uint8Array, flags: 'w' | 'a' = 'w'): void {
  const fs = runtime.fs as FileSystem
  const fd = fs.openSync(path, flags)
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  for (let done = 0; done < bytes.length; ) done += fs.writeSync(fd, bytes, done)
  fs.closeSync(fd)
}

export async function gzip(text: string): Promise<Uint8Array> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

const INSERT = `INSERT INTO logs (${COLUMNS}) VALUES (${COLUMNS.map(() => '?')})`

export async function insert(driver: SqlDriver, entries: readonly Entry[]): Promise<void> {
  await driver.transaction(entries.map((entry) => ({ sql: INSERT, values: toRow(entry) })))
}

/** A database file by that driver, with the table and its indices. */
export async function createDatabase(
  path: string,
  entries: readonly Entry[],
  name?: SqlDriver['name']
): Promise<SqlDriver> {
  const driver = openDriver(path, { part: 'test', prepare: prepareSchema, driver: name })
  await insert(driver, entries)
  return driver
}
