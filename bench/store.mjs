import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { table, targetTable } from './_report.mjs'
import { ask, present, root } from './_runtimes.mjs'
import { show } from './_stats.mjs'
import { promise } from './_targets.mjs'

export const title = 'Store'

const ORDERS = ['newest', 'oldest', 'slowest']

/** One field each: what meets all, some or none of the rows, or only the oldest. */
const FILTERS = {
  'no filter': {},
  'level info': { level: 'info' },
  'level error': { level: 'error' },
  'level fatal': { level: 'fatal' },
  messages: { kind: 'message' },
  'function price': { function: 'price' },
  'function *All': { function: '*All' },
  'function none*': { function: 'none*' },
  'module db/pool': { module: 'db/pool' },
  'module none': { module: 'none' },
  'environment none': { environment: 'none' },
  'a trace': { trace: (40_000).toString(16).padStart(32, '0') },
  'the oldest version': { version: '1.4.0' },
  '100 ms and longer': { minDuration: '100ms' },
  'an hour and longer': { minDuration: '1h' },
  'the first minute': { until: '2026-11-20T00:01Z' },
  'from the second day': { since: '2026-11-21' },
  'text in few rows': { text: 'SKU-7777' },
  'text in one old row': { text: '"sku-77"' },
  'text in no row': { text: 'nothing at all' }
}

/** The first 100 entries and the statistics of a million in SQLite, by sql.js on Node and by what Bun and Deno have. */
export async function run({ quick, runtime, entry }) {
  if (entry) throw new Error('[nfo] [bench] store measures the built package; leave out --entry')
  const folder = mkdtempSync(join(tmpdir(), 'nfo-bench-'))
  try {
    const path = join(folder, 'app.db')
    const rows = quick ? 50_000 : 1_000_000
    await ask('bun', '_store-rows.mjs', { path, rows, sqlite: builtFor('bun', 'sqlite') })
    return report(await measureAll(path, present(runtime), quick ? 1 : 3), statSync(path).size, rows)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measureAll(path, names, rounds) {
  const results = {}
  for (const name of names) {
    const driver = name === 'node' ? 'sql.js' : undefined
    const request = { path, store: builtFor(name, 'store'), driver, filters: FILTERS, orders: ORDERS, rounds }
    results[`${name}${driver ? `, ${driver}` : ''}`] = await ask(name, '_store-child.mjs', request)
  }
  const digests = Object.values(results).map(({ pages, stats, count }) =>
    JSON.stringify([pages, stats, count], digestsOnly)
  )
  if (new Set(digests).size > 1) throw new Error('[nfo] [bench] the runtimes do not find the same; run the tests')
  return results
}

const digestsOnly = (key, value) => (key === 'ms' ? undefined : value)

function builtFor(condition, part) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return pathToFileURL(join(root, exports[`./${part}`][condition])).href
}

function report(results, bytes, rows) {
  const worst = ({ pages }) =>
    Math.max(...Object.values(pages).flatMap((page) => ORDERS.map((order) => page[order].ms)))
  const promises = [
    promise('slowest first page, 100 entries', 'atMost', 1000, ' ms', worst),
    promise('statistics of everything', 'atMost', 3000, ' ms', ({ stats }) => stats.ms)
  ]
  const cells = (figure) => Object.values(results).map((result) => show(figure(result)))
  const times = ({ pages }, name) => ORDERS.map((order) => show(pages[name][order].ms)).join(' / ')
  const figures = [
    ['ms', ...Object.keys(results)],
    ['opening, with the first page', ...cells(({ opened }) => opened)],
    ['statistics', ...cells(({ stats }) => stats.ms)],
    ['counting a text that is in no row', ...cells(({ count }) => count.ms)],
    ...Object.keys(FILTERS).map((name) => [name, ...Object.values(results).map((result) => times(result, name))])
  ]
  const size = `${rows.toLocaleString('en-US')} rows, ${(bytes / 1e6).toFixed(0)} MB.`
  const what = `${size} A filter's line: its first 100 entries, ${ORDERS.join(' / ')} first.`
  return [targetTable(promises, results), what, table(figures)]
}
