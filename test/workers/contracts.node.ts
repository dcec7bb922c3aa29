import { Miniflare } from 'miniflare'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { D1Database } from '../../src/drivers/d1.ts'
import { d1Sink } from '../../src/workers/index.ts'
import { entry } from '../formats/_entry.ts'
import { workerScript } from './_bundle.ts'

const DATABASES = 40
let miniflare: Miniflare

const test = suite('workers/contracts')

test('the contract of sinks, for d1Sink and durableObjectSink', async () => {
  const contents = await workerScript("export { Store, worker as default } from './_contracts.ts'", { tests: true })
  miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'index.mjs', contents }],
    compatibilityDate: '2026-04-01',
    cf: false,
    d1Databases: Array.from({ length: DATABASES }, (_, index) => `DB${index}`),
    durableObjects: { STORE: { className: 'Store', useSQLite: true } }
  })
  const response = await miniflare.dispatchFetch('http://localhost/')
  const results = (await response.json()) as [unknown, number, number, number][]
  assert.is(results.length, 2)
  for (const [errors, passed, skipped, total] of results) {
    assert.is(passed, total, JSON.stringify(errors))
    assert.is(skipped, 0)
    assert.ok(total > 5)
  }
})

const database = async (name: string): Promise<D1Database> =>
  (await miniflare.getD1Database(name)) as unknown as D1Database

test('d1Sink: thousands of entries in one request, and few queries', async () => {
  const real = await database('DB38')
  const batches: number[] = []
  const counting: D1Database = {
    prepare: (sql) => real.prepare(sql),
    batch(statements) {
      batches.push(statements.length)
      return real.batch(statements)
    }
  }
  const entries = Array.from({ length: 3000 }, (_, sequence) => entry({ sequence, args: ['字'.repeat(100)] }))
  const sink = d1Sink(counting)
  await sink.write(entries)
  await sink.write(entries.slice(0, 10))
  // The table, the entries, the ten more.
  assert.is(batches.length, 3)
  assert.ok(batches[1] <= 8, `${batches[1]} queries`)
  const [, [count]] = await real.prepare('SELECT count(*) FROM logs').bind().raw({ columnNames: true })
  assert.is(count, 3010)
})

test('d1Sink: a table that was dropped is made again', async () => {
  const real = await database('DB39')
  const sink = d1Sink(real)
  await sink.write([entry()])
  await real.batch([real.prepare('DROP TABLE logs')])
  let error: unknown
  await Promise.resolve(sink.write([entry()])).catch((thrown) => {
    error = thrown
  })
  assert.match(String(error), '[nfo] [d1] cannot write: ')
  await d1Sink(real).write([entry({ sequence: 8 })])
  const [, ...rows] = await real.prepare('SELECT sequence FROM logs').bind().raw({ columnNames: true })
  assert.equal(rows, [[8]])
})

test.after(() => miniflare?.dispose())

test.run()
