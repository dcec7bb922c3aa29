import type { SqlDriver, Table } from '../drivers/types.ts'
import { csvRecord } from '../formats/csv.ts'
import { inspectValue } from '../formats/pretty.ts'
import type { Cell } from '../formats/row.ts'
import { encodeFields, encodeValue } from '../formats/tagged.ts'
import { runtime } from '../runtimes/generic.ts'
import { type Command, oneOf, UsageError } from './_command.ts'
import { openTables } from './_database.ts'
import { escaped, type Output, standardOutput } from './_output.ts'
import { rejectWrites } from './_readOnlySql.ts'
import { type Column, type TableCell, tableTo } from './_table.ts'
import { DIM, looksOfOutput, painter } from './_terminal.ts'

const help = `Asks a file in SQL. Nothing is ever changed.

  nfo sql FILE "SELECT …" [options]

  --format FORMAT  table (default), json (a line for each row), csv
  --help           this text

  nfo sql app.db "SELECT function_name, count(*) FROM logs GROUP BY 1 ORDER BY 2 DESC"
  nfo sql app.db "SELECT args, exception FROM logs WHERE level = 'ERROR'" --format json
  nfo sql app.db "PRAGMA table_info(logs)"
  nfo sql app.jsonl "SELECT avg(duration_ms) FROM logs"

FILE is a SQLite database, or one of JSON lines, CSV or a record file, which is read into a table logs in memory. One
statement at a time: SELECT, WITH, VALUES, EXPLAIN, or a PRAGMA that only tells. A result is held in memory as a whole:
use LIMIT, or nfo query for a file that is larger than that.`

const FORMATS = ['table', 'json', 'csv'] as const
type Format = (typeof FORMATS)[number]

export const sql: Command = {
  summary: 'asks a file in SQL',
  help,
  options: { format: { type: 'string' } },
  async run({ format }, positionals) {
    const [path, statement] = twoOf(positionals)
    const chosen = oneOf('format', format, FORMATS) ?? 'table'
    rejectWrites(statement)
    const tables = await openTables(path, 'sql')
    try {
      const output = standardOutput()
      WRITERS[chosen](output, await ask(tables, statement))
      output.flush()
    } finally {
      await tables.close()
    }
  }
}

function twoOf(positionals: string[]): [path: string, statement: string] {
  const [path, statement, ...more] = positionals
  if (statement !== undefined && more.length === 0) return [path, statement]
  const wrong = more.length > 0 ? 'there is more than a file and a statement' : 'a file and a statement are needed'
  throw new UsageError(`[nfo] [sql] ${wrong}; use nfo sql app.db "SELECT count(*) FROM logs", with the quotes`)
}

async function ask(tables: SqlDriver, statement: string): Promise<Table> {
  try {
    return await tables.all(statement)
  } catch (error) {
    const { message } = error as Error
    throw new Error(`[nfo] [sql] ${message}; nfo sql FILE "PRAGMA table_info(logs)" lists the columns`, {
      cause: error
    })
  }
}

const WRITERS: Record<Format, (output: Output, table: Table) => void> = {
  table: writeTable,
  json(output, { columns, rows }) {
    for (const row of rows) output.line(encodeFields(namedValues(columns, row), encodeValue))
  },
  csv(output, { columns, rows }) {
    const text = looksOfOutput().isTerminal ? escaped(output) : output
    // RFC 4180 ends its records with CRLF.
    for (const row of [columns, ...rows]) text.line(`${csvRecord(row.map(cellOf))}\r`)
  }
}

// Enough to tell a column of numbers from one of texts.
const SAMPLE = 200

function writeTable(output: Output, { columns, rows }: Table): void {
  const sample = rows.slice(0, SAMPLE)
  const shown = columns.map((title, index): Column => {
    const right = sample.length > 0 && sample.every((row) => typeof row[index] === 'number' || row[index] === null)
    return { title, right, least: Math.max(6, title.length), spare: index }
  })
  const { coloured, width } = looksOfOutput()
  const table = tableTo(output, { columns: shown, width, paint: painter(coloured) })
  for (const row of rows) table.add(row.map(shownValue))
  const missing = table.end()
  if (missing.length > 0) {
    runtime.print('stderr', `No room for ${missing.join(', ')}; name fewer columns, or use --format json.`)
  }
}

const shownValue = (value: unknown): TableCell => {
  if (value === null) return { text: 'null', colour: DIM }
  return typeof value === 'string' ? value : inspectValue(value, 1000)
}

/** A column that is there twice keeps both of its values. */
function namedValues(columns: readonly string[], row: readonly unknown[]): Record<string, unknown> {
  const named: Record<string, unknown> = Object.create(null)
  columns.forEach((column, index) => {
    named[column in named ? `${column}:${index + 1}` : column] = row[index]
  })
  return named
}

function cellOf(value: unknown): Cell {
  return value === null || typeof value === 'string' || typeof value === 'number' ? value : encodeValue(value)
}
