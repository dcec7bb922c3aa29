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

/** Started with a path and the name of a driver, it prints what it finds, and changes nothing. */
const READER = `
import process from 'node:process'
import { openDriver } from '../../src/drivers/open.ts'
import { prepareSchema } from '../../src/store/schema.ts'
const [path, name] = process.argv.slice(2)
const prepare = name === 'sql.js' ? prepareSchema : undefined
const driver = openDriver(path, { part: 'test', readOnly: true, driver: name, prepare })
const { rows: [[integrity]] } = await driver.all('PRAGMA integrity_check')
const { rows } = await driver.all('SELECT args, return_value, sequence, timestamp FROM logs ORDER BY id')
process.stdout.write(JSON.stringify({ integrity, rows }))
await driver.close()`
let reader: Promise<string> | undefined

/** Reads a database by `driver`, in a process of its own: its files are to be read as a later run finds them. */
export async function readDatabase(path: string, driver: string): Promise<Kept[]> {
  reader ??= bundle(READER)
  if (existsSync(path)) assert.ok(isSound(path))
  const { stdout, stderr } = await run([process.env.NFO_NODE ?? process.execPath, await reader, path, driver])
  assert.is(stderr, '')
  const { integrity, rows } = JSON.parse(stdout) as { integrity: string; rows: [string, string, number, string][] }
  assert.is(integrity, 'ok')
  return rows.map(([args, result, sequence, timestamp]) => ({
    left: JSON.parse(args)[0],
    result: JSON.parse(result),
    sequence,
    timestamp: epochMillis(timestamp)
  }))
}

/** What somebody else's SQLite says of the file as it lies there. */
function isSound(path: string): boolean {
  const code = `import sqlite3, sys
print(sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True).execute('PRAGMA integrity_check').fetchone()[0])`
  const { error, stdout } = spawnSync('python3', ['-c', code, path], { encoding: 'utf8' })
  return error !== undefined || stdout === 'ok\n'
}
