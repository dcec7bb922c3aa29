import type { Entry } from '../core/types.ts'
import { type Cell, COLUMNS, fromRow, type Row, toRow } from './row.ts'

/**
 * Entries as CSV (RFC 4180) and back, exactly. Records end with CRLF. Nothing between two commas is null, `""` the empty text.
 * A cell is quoted when it holds a quote, comma, semicolon, tab, CR or LF, begins with `'`, or has a blank at an end, so that
 * spreadsheets of any locale split alike.
 *
 * Formula guard: a text that begins, after any number of `'`, with `=`, `+`, `-`, `@`, tab or CR gets one `'` in front, and
 * the reader takes one away: `=1+1` is written as `'=1+1`, `'=1+1` as `''=1+1`. A plain number such as `-5` or `-1.5e-7` is
 * no formula and stays. A file without the column `kind` (one by the Python package) has no guard and is read as it is.
 */
const FORMULA = /^'*[=+\-@\t\r]/
const GUARDED = /^'+[=+\-@\t\r]/
const NUMBER = /^-\d+(?:\.\d+)?(?:e[+-]?\d+)?$/
// What none of the rules speaks of; one test for most cells.
const DELICATE = /^$|^[=+\-@]|[",;'\s]/
const QUOTED = /^$|^['\s]|[",;\t\r\n]|\s$/

/** The first record of a file, without its end. */
export const csvHeader: string = COLUMNS.join(',')

// These columns are JSON text, which is no formula.
const JSON_COLUMNS = ['args', 'return_value', 'extra', 'params']
const isJson = COLUMNS.map((column) => JSON_COLUMNS.includes(column))
// Most other texts are those of the record before; looking at them again would cost a third of the whole.
const lastCells: Cell[] = []
const lastTexts: string[] = []

/** An entry as one record, without its end. */
export function toCsv(entry: Entry): string {
  const cells = toRow(entry)
  // A time needs no look.
  let record = cells[0] as string
  for (let index = 1; index < cells.length; index++) {
    const cell = cells[index]
    if (cell === null) record += ','
    else if (typeof cell === 'number') record += `,${cell}`
    else if (isJson[index]) record += `,${writeJson(cell)}`
    else {
      if (cell !== lastCells[index]) {
        lastTexts[index] = writeCell(cell)
        lastCells[index] = cell
      }
      record += `,${lastTexts[index]}`
    }
  }
  return record
}

function writeJson(text: string): string {
  if (text.includes('"')) return `"${text.replaceAll('"', '""')}"`
  return text.includes(',') ? `"${text}"` : text
}

/** Any values as one record, without its end. */
export function csvRecord(cells: readonly Cell[]): string {
  return cells.map((cell) => (cell === null ? '' : writeCell(cell))).join(',')
}

function writeCell(cell: string | number): string {
  if (typeof cell === 'number') return `${cell}`
  return DELICATE.test(cell) ? writeText(cell) : cell
}

function writeText(cell: string): string {
  const safe = FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The entry of a record, by the columns that the header names; unknown ones go to `extra`. Never throws. */
export function fromCsv(header: readonly string[], cells: readonly (string | null)[]): Entry {
  const own = header.includes('kind')
  const row: Row = {}
  for (let index = 0; index < header.length; index++) row[header[index]] = readCell(cells[index] ?? null, own)
  return fromRow(row)
}

function readCell(cell: string | null, own: boolean): string | null {
  // Python writes the empty text where there is nothing.
  if (!own) return cell ?? ''
  return cell && GUARDED.test(cell) ? cell.slice(1) : cell
}
