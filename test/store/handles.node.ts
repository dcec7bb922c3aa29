import { Miniflare } from 'miniflare'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDriver } from '../../src/drivers/open.ts'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { openStore } from '../../src/store/open.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { storeContract } from './_contract.ts'
import { sample } from './_sample.ts'
import { insert } from './_write.ts'

let miniflare: Miniflare | undefined
let filled: Promise<object> | undefined

async function fill(handle: object): Promise<object> {
  const driver = openDriver(handle, { part: 'test' })
  await prepareSchema(driver)
  await insert(driver, sample)
  return handle
}

function d1Handle(): Promise<object> {
  miniflare ??= new Miniflare({
    modules: [{ type: 'ESModule', path: 'index.mjs', contents: 'export default { fetch: () => new Response() }' }],
    compatibilityDate: '2026-04-01',
    d1Databases: ['DB']
  })
  filled ??= miniflare.getD1Database('DB').then((database) => fill(database as unknown as object))
  return filled
}

storeContract('D1', async () => openStore(await d1Handle()))

async function sqlJsHandle(): Promise<object> {
  const initSqlJs = runtime.require?.('sql.js') as () => Promise<{ Database: new () => object }>
  return new (await initSqlJs()).Database()
}

storeContract('a handle of sql.js', async () => openStore(await fill(await sqlJsHandle())))
storeContract('a driver', async () => openStore(openDriver(await fill(await sqlJsHandle()), { part: 'test' })))

const handles = suite('store: handles')

handles('D1: a long text in letters beyond ASCII is within its limits', async () => {
  const store = openStore(await d1Handle())
  const text = 'Zażółć "gęślą" jaźń, czyli zdanie dłuższe niż pięćdziesiąt bajtów %_\\'
  assert.is(await store.count({ text, function: `*${'ł'.repeat(10)}*` }), 0)
  assert.is(await store.count({ text: 'NOTFOUND\n    at PRICE:7' }), sample.filter(({ traceback }) => traceback).length)
})

handles('a handle is only read, and stays open', async () => {
  const handle = await fill(await sqlJsHandle())
  const statements: string[] = []
  const { all, ...rest } = openDriver(handle, { part: 'test' })
  const driver: SqlDriver = {
    ...rest,
    all(sql, values) {
      statements.push(sql)
      return all(sql, values)
    },
    transaction: () => assert.unreachable()
  }
  const hostile = 'x"\'; DROP TABLE logs; --'
  const store = openStore(driver)
  const filter = { function: hostile, module: `*${hostile}`, environment: hostile, trace: hostile, text: hostile }
  for await (const _ of store.query({ ...filter, order: 'newest' })) assert.unreachable()
  assert.is((await store.stats(filter)).calls, 0)
  await store.close()
  assert.ok(statements.length >= 4)
  for (const sql of statements) {
    assert.match(sql, /^SELECT /)
    assert.not.match(sql, 'DROP')
  }
  assert.is(await openStore(handle).count(), sample.length)
})

handles('a table of others, and columns that nfo does not know', async () => {
  const handle = await sqlJsHandle()
  const driver = openDriver(handle, { part: 'test' })
  await driver.transaction([{ sql: 'CREATE TABLE logs (id INTEGER PRIMARY KEY, timestamp TEXT, level TEXT)' }])
  const failed = await openStore(handle)
    .count()
    .catch((error: Error) => error)
  assert.match(
    String(failed),
    '[nfo] [store] the table logs has no column function_name; give a database that nfo wrote'
  )
  await driver.transaction([
    { sql: 'ALTER TABLE logs ADD COLUMN function_name TEXT' },
    { sql: 'ALTER TABLE logs ADD COLUMN "drop table logs; --" TEXT' },
    { sql: "INSERT INTO logs VALUES (1, '2026-11-22T22:35:57+00:00', 'INFO', 'price', 'kept')" }
  ])
  const store = openStore(handle)
  const found = []
  for await (const entry of store.query({ environment: '', order: 'oldest', kind: 'call' })) found.push(entry)
  assert.equal(
    found.map(({ functionName, extra }) => [functionName, extra]),
    [['price', { 'drop table logs; --': 'kept' }]]
  )
  assert.equal(
    (await store.stats()).functions.map(({ name, p50 }) => [name, p50]),
    [['price', undefined]]
  )
})

handles.after(async () => {
  await miniflare?.dispose()
})

handles.run()
