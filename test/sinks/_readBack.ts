import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { fromCsv } from '../../src/formats/csv.ts'
import { createCsvReader } from '../../src/formats/csvReader.ts'
import { fromJson } from '../../src/formats/json.ts'
import { epochMillis } from '../../src/formats/time.ts'
import { bundle, linesOf, run } from '../runtimes/_children.ts'

/** What is left of a call. */
export interface Kept {
  left: unknown
  result: unknown
  sequence: number
  timestamp: number
}

const kept = ({ args, returnValue, sequence, timestamp }: Entry): Kept => ({
  left: args[0],
  result: returnValue,
  sequence,
  timestamp
})

export const readJson = async (path: string): Promise<Kept[]> => linesOf(path).map((line) => kept(fromJson(line)))

export async function readCsv(path: string): Promise<Kept[]> {
  const reader = createCsvReader()
  const records = [...reader.push(readFileSync(path, 'utf8')), ...reader.end()]
  return records.map((record) => {
    assert.ok('cells' in record, JSON.stringify(record))
    return kept(fromCsv(record.header, record.cells))
  })
}

const SECTION =
  /^## (\S+) \| DEBUG \| `add`\n\n[\s\S]*- \*\*Args:\*\* `left: (\d+), right: 7`\n[\s\S]*- \*\*Return:\*\* `(\d+)` /

export async function readMarkdown(path: string): Promise<Kept[]> {
  const [head, ...sections] = readFileSync(path, 'utf8').split(/\n\n(?=## )/)
  assert.is(head, '# Logs')
  return sections.map((section) => {
    const [, time, left, result] = SECTION.exec(section) ?? assert.unreachable(section)!
    assert.ok(section.includes('\n\n---'), section)
    return { left: Number(left), result: Number(result), sequence: Number(left), timestamp: epochMillis(time) }
  })
}

/** Prints what a query finds, and changes nothing. */
const READER = `
import process from 'node:process'
import { openDriver } from '../../src/drivers/open.ts'
import { prepareSchema } from '../../src/store/schema.ts'
const [path, name, sql] = process.argv.slice(2)
const prepare = name === 'sql.js' ? prepareSchema : undefined
const driver = openDriver(path, { part: 'test', readOnly: true, driver: name, prepare })
const { rows: [[integrity]] } = await driver.all('PRAGMA integrity_check')
const { rows } = await driver.all(sql)
process.stdout.write(JSON.stringify({ integrity, rows }))
await driver.close()`
let reader: Promise<string> | undefined

/** Asks a database by `driver`, in a process of its own: its files are to be read as a later run finds them. */
export async function select<Row>(path: string, driver: string, sql: string): Promise<Row[]> {
  reader ??= bundle(READER)
  const { stdout, stderr } = await run([process.env.NFO_NODE ?? process.execPath, await reader, path, driver, sql])
  assert.is(stderr, '')
  const { integrity, rows } = JSON.parse(stdout) as { integrity: string; rows: Row[] }
  assert.is(integrity, 'ok')
  return rows
}

export async function readDatabase(path: string, driver: string): Promise<Kept[]> {
  const sql = 'SELECT args, return_value, sequence, timestamp FROM logs ORDER BY id'
  const rows = await select<[string, string, number, string]>(path, driver, sql)
  return rows.map(([args, result, sequence, timestamp]) => ({
    left: JSON.parse(args)[0],
    result: JSON.parse(result),
    sequence,
    timestamp: epochMillis(timestamp)
  }))
}

/** Whether somebody else's SQLite finds nothing wrong with the file as it lies there. */
export function isSound(path: string): boolean {
  if (!existsSync(path)) return true
  const code = `import sqlite3, sys
print(sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True).execute('PRAGMA integrity_check').fetchone()[0])`
  const { error, stdout } = spawnSync('python3', ['-c', code, path], { encoding: 'utf8' })
  return error !== undefined || stdout === 'ok\n'
}
