import { existsSync, readFileSync } from 'node:fs'
import { visible } from '../formats/inspect.ts'
import { toJson } from '../formats/json.ts'
import { RECORD_VERSION } from '../record/chunk.ts'
import { type Recovered, readRecord } from '../record/read.ts'
import { runtime } from '../runtimes/generic.ts'
import { type Command, onlyFile, UsageError } from './_command.ts'
import { headLines, lossLines, reportLines } from './_report.ts'
import { looksOfOutput } from './_terminal.ts'

const help = `Shows what a record file holds: the calls that had not returned, then what came before them.

  nfo recover FILE [options]

  --last N   so many calls and messages before the end (20; with --json all)
  --tree     as a call tree: callers above what they called
  --json     JSON lines on standard output, open calls last with "open":true; the rest goes to standard error
  --help     this text

  nfo recover app.nfo
  nfo recover app.nfo --tree --last 100
  nfo recover app.nfo --json | jq 'select(.open)'

A file may be damaged, cut off or still in use. What an earlier run left is in FILE.1.`

export const recover: Command = {
  summary: 'shows what a record file holds',
  help,
  options: { json: { type: 'boolean' }, tree: { type: 'boolean' }, last: { type: 'string' } },
  run({ json, tree, last }, positionals) {
    const path = onlyFile('recover', 'nfo recover app.nfo', positionals)
    const recovered = open(path)
    if (json) return printJson(recovered, path, readCount(last, Number.POSITIVE_INFINITY))
    const { coloured: colour } = looksOfOutput()
    const report = reportLines(recovered, { colour, tree: tree === true, last: readCount(last, 20) })
    print([...headLines(recovered), ...report, '', ...lossLines(recovered), ...earlier(path)], 'stdout')
  }
}

function readCount(given: unknown, otherwise: number): number {
  if (given === undefined) return otherwise
  if (/^\d+$/.test(String(given))) return Number(given)
  throw new UsageError(`[nfo] [recover] --last is '${given}'; use a number from 0 up`)
}

function open(path: string): Recovered {
  const recovered = readRecord(read(path))
  const { format } = recovered
  if (format === 0) {
    const fix = 'give the path that was passed as record'
    throw new Error(`[nfo] [recover] ${path} is no record file, or nothing of it is left; ${fix}`)
  }
  if (format > RECORD_VERSION) {
    throw new Error(`[nfo] [recover] ${path} is in format ${format}, and this reads ${RECORD_VERSION}; use a newer nfo`)
  }
  return recovered
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const fix = code === 'EISDIR' ? 'name a file, not a folder' : 'check the path and its permissions'
    throw new Error(`[nfo] [recover] cannot read ${path}: ${message}; ${fix}`)
  }
}

function printJson(recovered: Recovered, path: string, last: number): void {
  const { entries, open } = recovered
  print([...entries.slice(Math.max(0, entries.length - last)), ...open].map(toJson), 'stdout')
  print([...headLines(recovered), ...lossLines(recovered), ...earlier(path)], 'stderr')
}

function earlier(path: string): string[] {
  return existsSync(`${path}.1`) ? [`An earlier run is in ${visible(path)}.1`] : []
}

function print(lines: string[], stream: 'stdout' | 'stderr'): void {
  if (lines.length > 0) runtime.print(stream, lines.join('\n'))
}
