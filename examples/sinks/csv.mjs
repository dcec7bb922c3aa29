/** Calls as CSV, for a spreadsheet: a text that would be a formula there is none any more. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, wrapObject } from 'nfo'
import { csvSink } from 'nfo/csv'
import { day, shop } from './_shop.mjs'

const folder = mkdtempSync(join(tmpdir(), 'nfo-csv-'))
const path = join(folder, 'shop.csv')
const logger = createLogger({ sinks: [csvSink(path)] })
await day(wrapObject({ ...shop }, { logger }))
await logger.close()

const [header, ...records] = readFileSync(path, 'utf8')
  .trimEnd()
  .split(/\r\n(?=\d)/)
console.log(`${header.split(',').length} columns, ${records.length} records`)
console.log(records.find((record) => record.includes('ERROR')).slice(0, 120))
rmSync(folder, { recursive: true })
