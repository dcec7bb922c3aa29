import type { Entry } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import type { ParsedFilter } from '../store/filter.ts'
import type { Store } from '../store/index.ts'
import { type Command, oneOf, onlyFile, UsageError } from './_command.ts'
import { openForReading } from './_database.ts'
import { type EntryWriter, entriesTo, FORMATS, type Format } from './_entries.ts'
import { FILTER_HELP, FILTER_OPTIONS, filterOf, PAGE_OPTIONS } from './_filters.ts'
import { standardOutput } from './_output.ts'
import { columnsOf, isColoured } from './_terminal.ts'
import { count } from './_values.ts'

const help = `Shows entries of a file: a SQLite database, JSON lines, CSV, or a record file.

  nfo query FILE [options]

${FILTER_HELP}
  --format FORMAT       table (default), json (JSON lines), csv, md, tree (callers above what they called)
  --limit N             so many; 0 for all (table and tree: 50, the others: all)
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
    const filter = pageOf(filterOf('query', values), format, values.limit)
    const store = await openForReading(path, 'query')
    try {
      const looks = { coloured: isColoured('stdout'), width: columnsOf('stdout') }
      const writer = entriesTo(standardOutput(), format, looks)
      const found = await show(store, filter, writer)
      if (values.follow) return await follow(store, filter, writer)
      writer.end()
      await tellOfTheRest(store, filter, found)
    } finally {
      await store.close()
    }
  }
}

/** A person reads a page; a program reads everything. */
function pageOf(filter: ParsedFilter, format: Format, limit: unknown): ParsedFilter {
  const isPage = limit === undefined && (format === 'table' || format === 'tree')
  return isPage ? { ...filter, limit: PAGE } : filter
}
