import { readFileSync } from 'node:fs'
import process from 'node:process'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type D1Database, d1 } from '../../src/drivers/d1.ts'
import type { Row } from '../../src/formats/row.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { entry } from '../formats/_entry.ts'

const DATABASES = 80
const WASM = 'node_modules/sql.js/dist/sql-wasm-browser.wasm'

async function workerScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: "import { Store, worker } from './_worker.ts'; export { Store }; export default worker",
      resolveDir: `${process.cwd()}/test/drivers`
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'browser', 'import'],
    external: ['node:*', 'cloudflare:*', '*.wasm'],
    ignoreAnnotations: true,
    banner: { js: 'globalThis.UVU_DEFER = 1; globalThis.UVU_QUEUE = [[]]' },
    logLevel: 'silent'
  })
  return outputFiles[0].text
}

const names = Array.from({ length: DATABASES }, (_, index) => `DB${index}`)
let miniflare: Miniflare | undefined
let used = DATABASES - 10

async function start(): Promise<Miniflare> {
  const contents = await workerScript()
  return new Miniflare({
    modules: [
      { type: 'ESModule', path: 'index.mjs', contents },
      { type: 'CompiledWasm', path: 'sql-wasm.wasm', contents: readFileSync(WASM) }
    ],
    compatibilityDate: '2026-04-01',
    d1Databases: names,
    durableObjects: { STORE: { className: 'Store', useSQLite: true } }
  })
}

/** A database that neither a test nor the worker has used; the runtime starts with the first. */
async function fresh(): Promise<D1Database> {
  miniflare ??= await start()
  return (await miniflare.getD1Database(names[used++])) as unknown as D1Database
}

async function rowsOf(database: D1Database): Promise<Row[]> {
  // A sink that was given nothing has made no table.
  await prepareSchema(d1(database, { part: 'test' }))
  const [columns, ...rows] = await database.prepare('SELECT * FROM logs ORDER BY id').raw({ columnNames: true })
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [columns[at], cell])))
}

const cloud = suite('drivers/cloud')

cloud('D1: has no flushSync, so nobody counts on it at the end', async () => {
  assert.is(sqliteSink(await fresh()).flushSync, undefined)
})

cloud('D1: maxRows and maxBytes hold', async () => {
  const few = await fresh()
  const sink = sqliteSink(few, { maxRows: 64 })
  for (let batch = 0; batch < 12; batch++) {
    await sink.write(Array.from({ length: 10 }, (_, index) => entry({ sequence: batch * 10 + index })))
    assert.ok((await rowsOf(few)).length <= 64)
  }
  assert.is((await rowsOf(few)).at(-1)?.sequence, 119)

  const small = await fresh()
  const bounded = sqliteSink(small, { maxBytes: 300_000 })
  for (let batch = 0; batch < 30; batch++) {
    await bounded.write(Array.from({ length: 10 }, () => entry({ sequence: batch, args: ['x'.repeat(2000)] })))
    const [{ meta }] = await small.batch([small.prepare('SELECT 1')])
    assert.ok((meta?.size_after ?? 0) <= 300_000)
  }
  const kept = await rowsOf(small)
  assert.is(kept.at(-1)?.sequence, 29)
  assert.ok(kept.length > 50)
})

cloud('D1: a batch that fails is rejected whole, and the next one is written', async () => {
  const database = await fresh()
  const sink = sqliteSink(database)
  const tooLong = entry({ args: ['x'.repeat(3_000_000)] })
  let error: unknown
  await Promise.resolve(sink.write([entry(), tooLong])).catch((thrown) => {
    error = thrown
  })
  assert.match((error as Error).message, '[nfo] [sqlite] cannot write')
  await sink.write([entry({ sequence: 8 })])
  assert.equal(
    (await rowsOf(database)).map(({ sequence }) => sequence),
    [8]
  )
})

cloud('both contracts pass inside a Durable Object, with its storage, with D1 and with sql.js', async () => {
  miniflare ??= await start()
  const response = await miniflare.dispatchFetch('http://localhost/')
  const results = (await response.json()) as [unknown, number, number, number][]
  assert.is(results.length, 6)
  for (const [errors, passed, skipped, total] of results) {
    assert.is(passed, total, JSON.stringify(errors))
    assert.is(skipped, 0)
    assert.ok(total > 5)
  }
})

cloud('ends the runtime', async () => {
  await miniflare?.dispose()
})

cloud.run()
