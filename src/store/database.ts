import type { Entry } from '../core/types.ts'
import type { SqlDriver } from '../drivers/types.ts'
import { fromRow } from '../formats/row.ts'
import { isoMicros } from '../formats/time.ts'
import { toSql } from './conditions.ts'
import { countRows, statsColumns } from './databaseStats.ts'
import { type Order, type ParsedFilter, parseFilter } from './filter.ts'
import { pagesOf, rowOf, type Selection } from './pages.ts'
import { createTally, type Stats } from './stats.ts'
import { createPause, type FollowOptions, type Store } from './store.ts'

// Small enough to be garbage before it is old.
const STATS_PAGE = 2000

/** A store over the table `logs` of a database. */
export function databaseStore(driver: SqlDriver, part: string): Store {
  let known: Promise<string[]> | undefined

  /** The columns of the table; a failure is not kept. */
  function columns(): Promise<string[]> {
    known ??= columnsOf(driver, part).catch((error) => {
      known = undefined
      throw error
    })
    return known
  }

  async function* query(filter: ParsedFilter, bounds: Pick<Selection, 'above' | 'upTo'> = {}): AsyncGenerator<Entry> {
    for await (const table of pagesOf(driver, { filter, columns: await columns(), ...bounds })) {
      for (const cells of table.rows) yield fromRow(rowOf(table, cells))
    }
  }

  async function count(filter: ParsedFilter): Promise<number> {
    const { where, values } = toSql({ ...filter, order: undefined }, await columns())
    const { rows } = await driver.all(`SELECT count(*) FROM logs WHERE ${where}`, values)
    return Number(rows[0][0])
  }

  async function stats({ limit, order, ...filter }: ParsedFilter): Promise<Stats> {
    const tally = createTally()
    const count = countRows(tally)
    const present = await columns()
    const selection = { filter, columns: present, what: statsColumns(present) }
    for await (const table of pagesOf(driver, selection, STATS_PAGE)) count(table)
    const first = async (by: Order, most: number): Promise<Entry[]> => all(query({ ...filter, order: by, limit: most }))
    const [from, to] = [...(await first('oldest', 1)), ...(await first('newest', 1))].map(timeOf)
    return tally.take({ slowest: await first('slowest', 10), from, to })
  }

  async function newestId(): Promise<number> {
    await columns()
    const { rows } = await driver.all('SELECT max(id) FROM logs')
    return Number(rows[0][0])
  }

  async function* follow(filter: ParsedFilter, options: FollowOptions, begun: Promise<number>): AsyncGenerator<Entry> {
    const { limit, order, ...wanted } = filter
    const pause = createPause(options)
    let seen = await begun
    if (options.existing && limit === undefined) yield* query(wanted, { upTo: seen })
    else if (options.existing)
      yield* (await all(query({ ...wanted, order: 'newest', limit }, { upTo: seen }))).reverse()
    while (await pause()) {
      const newest = await newestId()
      if (newest > seen) yield* query(wanted, { above: seen, upTo: newest })
      seen = newest
    }
  }

  return {
    skipped: 0,
    query: (filter) => query(parseFilter(filter)),
    count: async (filter) => count(parseFilter(filter)),
    stats: async (filter) => stats(parseFilter(filter)),
    follow(filter, options = {}) {
      const begun = newestId()
      // It is reported to whoever asks for the first entry.
      begun.catch(() => {})
      return follow(parseFilter(filter), options, begun)
    },
    close: async () => driver.close()
  }
}

const timeOf = ({ timestamp }: Entry): string => isoMicros(timestamp)

async function all(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const list: Entry[] = []
  for await (const entry of entries) list.push(entry)
  return list
}

async function columnsOf(driver: SqlDriver, part: string): Promise<string[]> {
  const { rows } = await driver.all("SELECT name FROM pragma_table_info('logs')")
  const names = rows.map(([name]) => String(name))
  if (names.length === 0) throw new Error(`[nfo] [${part}] the database has no table logs; give one that nfo wrote`)
  const lacking = ['id', 'timestamp', 'level', 'function_name'].find((name) => !names.includes(name))
  if (!lacking) return names
  throw new Error(`[nfo] [${part}] the table logs has no column ${lacking}; give a database that nfo wrote`)
}
