import type { Entry } from '../core/types.ts'
import { fromCsv } from './csv.ts'
import { COLUMNS } from './row.ts'

/** A whole record. Its cells are as they stand in the file: all texts, with the formula guard; `fromCsv` reads them. */
export interface CsvRecord {
  header: readonly string[]
  cells: readonly (string | null)[]
}

/** What is no record: cut short, or damaged. Of several lines only the first. */
export interface TornRecord {
  torn: string
}

export interface CsvReader {
  /** The records that end in this piece of text; what is left waits for the next piece. */
  push(text: string): (CsvRecord | TornRecord)[]
  /** What is left when there is no more text. */
  end(): (CsvRecord | TornRecord)[]
}

const QUOTE = 34
const COMMA = 44
const LINE_FEED = 10
const WAIT = -1
const BROKEN = -2
// In UTF-16 units. A record is shorter; behind a quote that nobody closed, reading starts anew after so much.
const LONGEST = 2 ** 24
const TIME = /^"?\d{4}-\d\d-\d\d[T ]/

/**
 * Reads records out of text that comes in pieces, cut anywhere. The header may have any columns in any order, may come again
 * (files put together) and, where it is ours, may be missing. A record of the wrong width, or with a quote where none may be,
 * is given as torn, and reading goes on at the next line: a quote left open costs no other record. A record of more than
 * 16 Mi characters counts as torn.
 *
 * @example
 *     const reader = createCsvReader()
 *     for (const piece of pieces) {
 *       for (const record of reader.push(piece)) if ('cells' in record) show(fromCsv(record.header, record.cells))
 *     }
 */
export function createCsvReader(): CsvReader {
  let header: readonly string[] | undefined
  let text = ''
  let begun = false
  // Where the record under way begins, and its cell under way.
  let start = 0
  let at = 0
  let cells: (string | null)[] = []
  let inTorn = false

  function next(position: number): void {
    start = position
    at = position
    cells = []
  }

  /** Gives up the line at which the record under way begins, once all of it is there. */
  function* skip(ended: boolean): Generator<TornRecord, boolean> {
    const line = text.indexOf('\n', start)
    if (line < 0 && !ended && text.length - start <= LONGEST) return false
    const end = line < 0 ? text.length : line + 1
    const torn = text.slice(start, end).trimEnd()
    // The other lines of a torn record, such as a stack, are a part of it.
    if (!inTorn || header?.[0] !== 'timestamp' || TIME.test(torn)) yield { torn }
    inTorn = true
    next(end)
    return true
  }

  function isHeader(): boolean {
    return header ? cells[header.indexOf('timestamp')] === 'timestamp' : cells.includes('timestamp')
  }

  function* take(end: number, ended: boolean): Generator<CsvRecord | TornRecord> {
    const isBlank = cells.length === 1 && cells[0] === null
    if (isHeader()) header = cells.map(String)
    else if (!isBlank) {
      header ??= COLUMNS
      if (!isWhole(header, cells)) return void (yield* skip(ended))
      yield { header, cells }
    }
    inTorn &&= isBlank
    next(end)
  }

  function* read(more: string, ended: boolean): Generator<CsvRecord | TornRecord> {
    text = text.slice(start) + (begun ? more : more.replace(/^\ufeff/, ''))
    begun ||= more !== ''
    at -= start
    start = 0
    while (start < text.length) {
      const end = endOfCell(text, at, ended)
      const isOver = end === WAIT && text.length - start > LONGEST
      if (end === BROKEN || isOver) {
        if (!(yield* skip(ended))) return
      } else if (end === WAIT) return
      else {
        cells.push(cellAt(text, at, end))
        if (text[end] === ',') at = end + 1
        else yield* take(Math.min(end + 1, text.length), ended)
      }
    }
  }

  return { push: (more) => [...read(more, false)], end: () => [...read('', true)] }
}

/** A tail torn in its last cell, and closed since, has the right width; its list of names has no end. */
function isWhole(header: readonly string[], cells: readonly (string | null)[]): boolean {
  const last = cells[header.length - 1]
  const isCut = header[header.length - 1] === 'params' && last !== null && !last?.endsWith(']')
  return cells.length === header.length && !isCut
}

/** The position of the comma or line feed behind the cell that begins at `at`. */
function endOfCell(text: string, at: number, ended: boolean): number {
  if (text[at] === '"') return endOfQuoted(text, at, ended)
  for (let end = at; end < text.length; end++) {
    const unit = text.charCodeAt(end)
    if (unit === COMMA || unit === LINE_FEED) return end
    if (unit === QUOTE) return BROKEN
  }
  return ended ? text.length : WAIT
}

function endOfQuoted(text: string, at: number, ended: boolean): number {
  let close = text.indexOf('"', at + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close < 0) return ended ? BROKEN : WAIT
  const end = text[close + 1] === '\r' ? close + 2 : close + 1
  if (end >= text.length) return ended ? text.length : WAIT
  return text[end] === '\n' || (text[end] === ',' && end === close + 1) ? end : BROKEN
}

function cellAt(text: string, at: number, end: number): string | null {
  if (text[at] === '"') return text.slice(at + 1, text.lastIndexOf('"', end - 1)).replaceAll('""', '"')
  const isLast = text[end] !== ','
  return text.slice(at, isLast && text[end - 1] === '\r' ? end - 1 : end) || null
}

/** All entries of a CSV text in pieces, and what is torn between them. Memory: one piece and one record. */
export function* entriesOfCsv(pieces: Iterable<string>): Generator<Entry | TornRecord> {
  const reader = createCsvReader()
  const entry = (record: CsvRecord | TornRecord) => ('cells' in record ? fromCsv(record.header, record.cells) : record)
  for (const piece of pieces) yield* reader.push(piece).map(entry)
  yield* reader.end().map(entry)
}
