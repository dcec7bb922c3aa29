import type { Entry, Level } from '../core/types.ts'
import { csvHeader, toCsv } from '../formats/csv.ts'
import { toJson } from '../formats/json.ts'
import { markdownHead, toMarkdown } from '../formats/markdown.ts'
import { pretty, treeDepths } from '../formats/pretty.ts'
import { escaped, type Output } from './_output.ts'
import { type Column, tableTo } from './_table.ts'
import { DIM, type Looks, painter, RED } from './_terminal.ts'
import { argumentsOf, duration, hasFailed, moment, resultOf } from './_values.ts'

/** How entries can be shown, the default first. */
export const FORMATS = ['table', 'json', 'csv', 'md', 'tree'] as const
export type Format = (typeof FORMATS)[number]

export interface EntryWriter {
  add(entry: Entry): void
  /** Writes what is held back, so that somebody who watches sees it. */
  show(): void
  /** Must follow the last entry. */
  end(): void
}

/** Writes entries as they come; only a tree waits for all of them. */
export function entriesTo(output: Output, format: Format, looks: Looks): EntryWriter {
  if (format === 'table') return asTable(output, looks)
  return format === 'tree' ? asTree(output, looks) : asText(looks.isTerminal ? escaped(output) : output, format)
}

const COLOURS: Record<Level, number> = { debug: DIM, info: 36, warn: 33, error: RED, fatal: 35 }
// Below that, a date would take the room of the values.
const ROOM_FOR_DATES = 100

const COLUMNS: Column[] = [
  { title: 'TIME', spare: 1 },
  { title: 'LEVEL' },
  { title: 'FUNCTION', least: 10 },
  { title: 'DURATION', right: true, spare: 2 },
  { title: 'ARGUMENTS', least: 12, spare: 3 },
  { title: 'RESULT', least: 12 }
]

function asTable(output: Output, { coloured, width }: Looks): EntryWriter {
  const table = tableTo(output, { columns: COLUMNS, width, paint: painter(coloured) })
  const timeFrom = width < ROOM_FOR_DATES ? 11 : 0
  let isEmpty = true
  return {
    add(entry) {
      isEmpty = false
      const { timestamp, level, functionName, durationMs } = entry
      const result = resultOf(entry, width)
      table.add([
        { text: moment(timestamp).slice(timeFrom), colour: DIM },
        { text: level.toUpperCase(), colour: COLOURS[level] },
        functionName,
        duration(durationMs),
        argumentsOf(entry, width),
        hasFailed(entry) ? { text: result, colour: RED } : result
      ])
    },
    show() {
      table.show()
      output.flush()
    },
    end() {
      if (!isEmpty) table.end()
      output.flush()
    }
  }
}

function asText(output: Output, format: 'json' | 'csv' | 'md'): EntryWriter {
  const { head, line } = TEXTS[format]
  if (head) output.line(head)
  return {
    add: (entry) => output.line(line(entry)),
    show: output.flush,
    end: output.flush
  }
}

/** Callers above what they called. */
function asTree(output: Output, { coloured, width }: Looks): EntryWriter {
  let entries: Entry[] = []
  function show(): void {
    for (const run of runsOf(entries)) {
      const depths = treeDepths(run)
      run.forEach((entry, index) => void output.line(pretty(entry, { colour: coloured, width, depth: depths[index] })))
    }
    entries = []
    output.flush()
  }
  return { add: (entry) => void entries.push(entry), show, end: show }
}

/** Spans are numbered anew in each run of the app; where the sequence falls back, another one begins. */
function runsOf(entries: Entry[]): Entry[][] {
  entries.sort((one, other) => one.timestamp - other.timestamp || one.sequence - other.sequence)
  const runs: Entry[][] = []
  for (const [index, entry] of entries.entries()) {
    if (index === 0 || entry.sequence < entries[index - 1].sequence) runs.push([])
    runs[runs.length - 1].push(entry)
  }
  return runs
}

// RFC 4180 ends its records with CRLF.
const TEXTS: Record<'json' | 'csv' | 'md', { head: string; line(entry: Entry): string }> = {
  json: { head: '', line: toJson },
  csv: { head: `${csvHeader}\r`, line: (entry) => `${toCsv(entry)}\r` },
  md: { head: markdownHead.trimEnd(), line: (entry) => `\n${toMarkdown(entry)}` }
}
