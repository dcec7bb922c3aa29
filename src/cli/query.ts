import type { Entry } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import type { ParsedFilter } from '../store/filter.ts'
import type { Store } from '../store/store.ts'
import { type Command, oneOf, onlyFile, UsageError } from './_command.ts'
import { openForReading, tellOfSkipped } from './_database.ts'
import { type EntryWriter, entriesTo, FORMATS } from './_entries.ts'
import { FILTER_HELP, FILTER_OPTIONS, filterOf, PAGE_OPTIONS } from './_filters.ts'
import { standardOutput } from './_output.ts'
import { collect, select } from './_select.ts'
import { looksOfOutput } from './_terminal.ts'

const help = `Shows entries of a file: a SQLite database, JSON lines, CSV, or a record file.

  nfo query FILE [options]

${FILTER_HELP}
  --format FORMAT       table (default), json (JSON lines), csv, md, tree (callers above what they called)
  --limit N             so many; 0 for all (table and tree: 50, the others: all; with -f 10)
  --order ORDER         newest, oldest or slowest first; a limit takes from the top
                        (as they were written; a limit takes the newest)
  -f, --follow          goes on with what is written from now on, until Ctrl-C
  --help                this text

  nfo query app.db
  nfo query app.db --errors --last 24h
  nfo query app.db -F 'shop.*' --min-duration 250ms --order slowest --limit 10
  nfo query app.db --trace req-7f3a --format tree
  nfo query app.jsonl --format csv > app.csv
  nfo query app.db -f --level warn

In a pipe a table is 120 columns wide, or what COLUMNS says; what does not fit ends with …, and json shows all of it.
Ends with code 0 also when nothing is found, which is then said on standard error.`

const PAGE = 50
const FOLLOWED = 10

export const query: Command = {
  summary: 'shows entries of a file',
  help,
  options: {
    ...FILTER_OPTIONS,
    ...PAGE_OPTIONS,
    format: { type: 'string' },
    follow: { type: 'boolean', short: 'f' }
  },
  async run(values, positionals) {
    const path = onlyFile('query', 'nfo query app.db', positionals)
    const format = oneOf('format', values.format, FORMATS) ?? 'table'
    const filter = filterOf('query', values)
    if (values.follow && values.order) {
      throw new UsageError('[nfo] [query] what is followed comes as it is written; leave out --order or --follow')
    }
    const store = openForReading(path, 'query')
    const writer = entriesTo(standardOutput(), format, looksOfOutput())
    try {
      const isPaged = values.limit === undefined && (values.follow || format === 'table' || format === 'tree')
      await (values.follow ? follow : show)(store, filter, writer, isPaged === true)
    } finally {
      await store.close()
    }
  }
}

async function show(store: Store, filter: ParsedFilter, writer: EntryWriter, isPaged: boolean): Promise<void> {
  const notes: string[] = []
  let found = 0
  for await (const entry of isPaged ? newestPage(store, filter, notes) : select(store, filter)) {
    writer.add(entry)
    found++
  }
  writer.end()
  if (found === 0) notes.push('Nothing is found.')
  for (const note of notes) runtime.print('stderr', note)
  tellOfSkipped(store)
}

/** One more than is shown tells whether there are more. */
async function* newestPage(store: Store, filter: ParsedFilter, notes: string[]): AsyncGenerator<Entry> {
  const entries = await collect(select(store, { ...filter, limit: PAGE + 1 }))
  if (entries.length <= PAGE) return yield* entries
  notes.push(`${PAGE} are shown; --limit 0 shows all.`)
  yield* filter.order ? entries.slice(0, PAGE) : entries.slice(1)
}

/** Entries that come together are written together. */
async function follow(store: Store, filter: ParsedFilter, writer: EntryWriter, isPaged: boolean): Promise<void> {
  const stop = new AbortController()
  let isDue = false
  let failure: unknown
  function showSoon(): void {
    isDue = false
    try {
      writer.show()
    } catch (error) {
      failure = error
      stop.abort()
    }
  }
  const wanted = isPaged ? { ...filter, limit: FOLLOWED } : filter
  for await (const entry of store.follow(wanted, { existing: true, signal: stop.signal })) {
    writer.add(entry)
    if (!isDue) setImmediate(showSoon)
    isDue = true
  }
  if (failure) throw failure
}
