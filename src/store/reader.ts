import { fromCsv } from '../formats/csv.ts'
import { createCsvReader } from '../formats/csvReader.ts'
import { fromJson } from '../formats/json.ts'
import type { Row } from '../formats/row.ts'
import type { Found } from './source.ts'

/** Reads entries out of text that comes in pieces, cut anywhere. */
export interface TextReader {
  push(text: string): Found[]
  /** What is left when there is no more text. */
  end(): Found[]
}

type Skip = () => void
export type TextFormat = 'json' | 'csv'

// In UTF-16 units: a line is shorter, or it is none.
const LONGEST = 2 ** 25
const LONGEST_HEAD = 2 ** 20
const CSV_LINE = /^(?:[\w"]+,)*"?timestamp"?,|^"?\d{4}-\d\d-\d\d[T ][^,]*,/

/** The format of a text by its first line that tells; undefined when none does. */
export function textFormat(head: string): TextFormat | undefined {
  for (const line of head.split('\n')) {
    const start = line.replace(/^[\ufeff\0\s]+/, '')
    if (start.startsWith('{')) return 'json'
    if (CSV_LINE.test(start)) return 'csv'
  }
  return undefined
}

/** A reader for the format that the text turns out to have. */
export function createReader(skip: Skip): TextReader {
  let reader: TextReader | undefined
  let head = ''

  function choose(format: TextFormat | undefined): TextReader {
    reader = format === 'csv' ? csvReader(skip) : jsonReader(skip)
    return reader
  }

  return {
    push(text) {
      if (reader) return reader.push(text)
      head += text
      const format = textFormat(head)
      return format || head.length > LONGEST_HEAD ? choose(format).push(head) : []
    },
    end() {
      if (reader) return reader.end()
      const last = choose(textFormat(head))
      return [...last.push(head), ...last.end()]
    }
  }
}

function jsonReader(skip: Skip): TextReader {
  let rest = ''

  function read(lines: string[]): Found[] {
    const all: Found[] = []
    for (const line of lines) {
      const found = readLine(line)
      if (found) all.push(found)
      else if (line.trim() !== '') skip()
    }
    return all
  }

  return {
    push(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST) {
        lines.push(rest)
        rest = ''
      }
      return read(lines)
    },
    end() {
      const last = rest
      rest = ''
      return read([last])
    }
  }
}

function readLine(line: string): Found | undefined {
  if (!line.includes('"timestamp"')) return undefined
  try {
    const entry = fromJson(line)
    return line.includes('"kind"') ? { entry } : { entry, row: JSON.parse(line) as Row }
  } catch {
    return undefined
  }
}

function csvReader(skip: Skip): TextReader {
  const reader = createCsvReader()

  function read(records: ReturnType<typeof reader.push>): Found[] {
    const all: Found[] = []
    for (const record of records) {
      if ('torn' in record) {
        skip()
        continue
      }
      const { header, cells } = record
      const entry = fromCsv(header, cells)
      all.push(header.includes('kind') ? { entry } : { entry, row: rowOf(header, cells) })
    }
    return all
  }

  return { push: (text) => read(reader.push(text)), end: () => read(reader.end()) }
}

function rowOf(header: readonly string[], cells: readonly (string | null)[]): Row {
  const row: Row = Object.create(null)
  for (const [index, column] of header.entries()) row[column] = cells[index]
  if (row.duration_ms) row.duration_ms = Number(row.duration_ms)
  return row
}
