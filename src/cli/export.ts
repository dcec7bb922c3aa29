import type { Entry } from '../core/types.ts'
import { visible } from '../formats/inspect.ts'
import { runtime } from '../runtimes/generic.ts'
import type { ParsedFilter } from '../store/filter.ts'
import type { Store } from '../store/store.ts'
import { type Command, oneOf, UsageError } from './_command.ts'
import { isDatabase, openForReading, tellOfSkipped } from './_database.ts'
import { entriesTo } from './_entries.ts'
import { FILTER_HELP, FILTER_OPTIONS, filterOf, PAGE_OPTIONS } from './_filters.ts'
import { standardOutput } from './_output.ts'
import { type Progress, progressBar } from './_progress.ts'
import { select } from './_select.ts'
import { FILE_FORMATS, formatOf, openTargetFile, rejectExisting, type Target } from './_target.ts'
import { looksOfOutput } from './_terminal.ts'
import { count } from './_values.ts'

const help = `Writes entries of a file to another one, in any format.

  nfo export FILE OUT [options]

${FILTER_HELP}
  --format FORMAT       sqlite, json (JSON lines), csv, md (by the name of OUT: .db .sqlite .jsonl .ndjson .json .csv .md)
  --limit N             so many
  --order ORDER         newest, oldest or slowest first; a limit takes from the top
                        (as they were written; a limit takes the newest)
  --force               replaces OUT
  --help                this text

  nfo export app.db app.csv
  nfo export app.jsonl app.db --last 7d
  nfo export app.db errors.md --errors
  nfo export app.nfo - --format json | jq .

OUT is there when all of it is: it is written under another name first. '-' is standard output.`

const BATCH = 1000

export const exportEntries: Command = {
  summary: 'writes entries to a file in any format',
  help,
  options: { ...FILTER_OPTIONS, ...PAGE_OPTIONS, format: { type: 'string' }, force: { type: 'boolean' } },
  async run(values, positionals) {
    const [path, out] = twoOf(positionals)
    const given = oneOf('format', values.format, FILE_FORMATS)
    const filter = filterOf('export', values)
    if (out === '-' && (given ?? 'sqlite') === 'sqlite') {
      throw new UsageError(`[nfo] [export] '-' needs a format that is text; give --format json, csv or md`)
    }
    const format = given ?? formatOf(out)
    if (out !== '-') rejectExisting(out, values.force === true)
    const store = openForReading(path, 'export')
    try {
      const target = out === '-' ? printed(format as 'json') : await openTargetFile(out, format)
      const written = await guarded(target, () => copy(store, filter, target, isDatabase(path)))
      if (out !== '-')
        runtime.print('stderr', `${count(written)} ${written === 1 ? 'entry is' : 'entries are'} in ${visible(out)}.`)
      tellOfSkipped(store)
    } finally {
      await store.close()
    }
  }
}

function twoOf(positionals: string[]): [path: string, out: string] {
  const [path, out, ...more] = positionals
  if (out !== undefined && more.length === 0) return [path, out]
  const wrong = more.length > 0 ? 'there are more than two files' : 'two files are needed'
  throw new UsageError(`[nfo] [export] ${wrong}; use nfo export app.db app.csv`)
}

function printed(format: 'json' | 'csv' | 'md'): Target {
  const writer = entriesTo(standardOutput(), format, looksOfOutput())
  return {
    write: (entries) => entries.forEach(writer.add),
    keep: async () => writer.end(),
    discard() {}
  }
}

/** Whatever ends the work early, an error or a signal, leaves nothing behind. */
async function guarded(target: Target, work: () => Promise<number>): Promise<number> {
  const unwatch = runtime.onExit(target.discard)
  try {
    return await work()
  } finally {
    unwatch()
    target.discard()
  }
}

/** A database counts quickly; a text file would be read twice. */
async function copy(store: Store, filter: ParsedFilter, target: Target, isCountable: boolean): Promise<number> {
  const total = isCountable && runtime.isTerminal('stderr') ? await store.count(filter) : 0
  const progress = progressBar(Math.min(total, filter.limit ?? total))
  try {
    const written = await pour(select(store, filter), target, progress)
    progress.end()
    await target.keep()
    return written
  } finally {
    progress.end()
  }
}

async function pour(entries: AsyncIterable<Entry>, target: Target, progress: Progress): Promise<number> {
  let written = 0
  let batch: Entry[] = []
  for await (const entry of entries) {
    batch.push(entry)
    written++
    progress.at(written)
    if (batch.length < BATCH) continue
    await target.write(batch)
    batch = []
    // Reading and writing leave no pause of their own in which a signal could be heard.
    await new Promise(setImmediate)
  }
  await target.write(batch)
  return written
}
