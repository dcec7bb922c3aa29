import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Files } from '../../src/drivers/_journalFiles.ts'
import { openDriver } from '../../src/drivers/open.ts'
import type { DriverOptions, SqlDriver } from '../../src/drivers/types.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { runtimeName, scratch, skipUnless } from '../_run/runtime.ts'
import { withRuntime } from '../sinks/_runtime.ts'
import { native } from './_native.ts'
import { canLoad, prepareThings, REASON, thing, valuesOf } from './_sqlJs.ts'

const opening = suite('drivers/open')
const test = skipUnless(opening, canLoad, REASON)
const onBoth = skipUnless(opening, canLoad && native !== undefined, 'no SQLite of its own, or no packages')

const ownName = runtimeName === 'bun' ? 'bun:sqlite' : 'node:sqlite'
const open = (to: string | object, options: Partial<DriverOptions> = {}): SqlDriver =>
  openDriver(to, { part: 'test', prepare: prepareThings, ...options })
const files = (): Files => runtime.fs as Files
const exists = (path: string): boolean =>
  files()
    .readdirSync(path.replace(/\/[^/]*$/, ''))
    .includes(path.replace(/.*\//, ''))

function put(path: string, bytes: Uint8Array): void {
  const fd = files().openSync(path, 'w')
  files().writeSync(fd, bytes)
  files().closeSync(fd)
}

/** A database with a row in the file and two in the journal, as a killed sql.js leaves it. */
async function left(): Promise<string> {
  const path = scratch('live.db')
  const driver = open(path, { driver: 'sql.js' })
  driver.transaction([thing(1)])
  await valuesOf(driver)
  driver.flushSync?.()
  driver.transaction([thing(2)])
  driver.transaction([thing(3)])
  const copy = scratch('left.db')
  for (const end of ['', '-nfo']) put(copy + end, files().readFileSync(path + end))
  await driver.close()
  return copy
}

opening('tells handles by their shape, and says which it knows', () => {
  const nothing = (): void => {}
  const driver = { all: nothing, transaction: nothing, variables: 7, close: nothing } as unknown as SqlDriver
  assert.is(openDriver(driver, { part: 'test' }), driver)
  assert.is(openDriver({ prepare: nothing, batch: nothing }, { part: 'test' }).name, 'd1')
  assert.is(openDriver({ sql: { exec: nothing }, transactionSync: nothing }, { part: 'test' }).name, 'durable-object')
  assert.is(
    openDriver({ export: nothing, prepare: nothing, getRowsModified: nothing }, { part: 'test' }).name,
    'sql.js'
  )
  assert.is(openDriver({ query: nothing, prepare: nothing }, { part: 'test' }).name, 'bun:sqlite')
  assert.is(openDriver({ open: nothing, prepare: nothing }, { part: 'test' }).name, 'node:sqlite')
  assert.throws(
    () => openDriver({ prepare: nothing, open: true }, { part: 'test' }),
    /^\[nfo\] \[test\] cannot open this handle; pass a path, or a database of sql.js, node:sqlite, bun:sqlite, D1 or /
  )
})

test("opens a path with the runtime's own SQLite, else with sql.js", async () => {
  const path = scratch('chosen.db')
  const driver = open(path)
  assert.is(driver.name, native ? ownName : 'sql.js')
  driver.transaction([thing(1)])
  await driver.close()
  const forced = open(path, { driver: 'sql.js' })
  assert.is(forced.name, 'sql.js')
  assert.equal(await valuesOf(forced), [1])
  await forced.close()
  assert.throws(() => open(path, { driver: 'd1' }), /^\[nfo\] \[test\] d1 opens no files such as .+; pass its handle$/)
})

test('says that a driver is not there', () => {
  const unknown = () => {
    throw Object.assign(new Error('No such built-in module'), { code: 'ERR_UNKNOWN_BUILTIN_MODULE' })
  }
  return withRuntime({ require: unknown }, () => {
    assert.throws(
      () => open(scratch('app.db'), { driver: ownName }),
      /^\[nfo\] \[test\] cannot open .+app.db: this runtime has no such driver; leave it out$/
    )
  })
})

onBoth('brings what sql.js left in its journal into the database, once', async () => {
  const path = await left()
  const driver = open(path)
  assert.is(driver.name, ownName)
  assert.equal(await valuesOf(driver), [1, 2, 3])
  assert.not(exists(`${path}-nfo`))
  assert.not(exists(`${path}-nfo.lock`))
  driver.transaction([thing(4)])
  await driver.close()
  const again = open(path, { driver: 'sql.js' })
  assert.equal(await valuesOf(again), [1, 2, 3, 4])
  await again.close()
})

onBoth('does so once also when it is stopped in the middle', async () => {
  const path = await left()
  const stopping: Files['unlinkSync'] = () => {
    throw new Error('stopped')
  }
  await withRuntime({ fs: { ...runtime.fs, unlinkSync: stopping } as Files }, () =>
    assert.throws(() => open(path), /stopped/)
  )
  assert.ok(exists(`${path}-nfo`))
  files().unlinkSync(`${path}-nfo.lock`)
  const driver = open(path)
  assert.equal(await valuesOf(driver), [1, 2, 3])
  await driver.close()
})

onBoth('reads what is in the journal, and leaves it there', async () => {
  const path = await left()
  const reader = open(path, { readOnly: true })
  assert.equal(await valuesOf(reader), [1, 2, 3])
  await reader.close()
  assert.ok(exists(`${path}-nfo`))
})

onBoth('does not write beside a sql.js that is at work', async () => {
  const path = scratch('both.db')
  const driver = open(path, { driver: 'sql.js' })
  assert.throws(
    () => open(path),
    /^\[nfo\] \[test\] cannot open .+both.db: it is open in this process; one process writes/
  )
  await driver.close()
  const next = open(path)
  await next.close()
})

onBoth('refuses what is damaged, no file, and a folder, whichever driver', async () => {
  const text = scratch('text.db')
  put(text, new TextEncoder().encode('notes of a person, which are longer than a header '.repeat(40)))
  assert.throws(
    () => open(text),
    /^\[nfo\] \[test\] cannot open .+text.db: it is damaged \(.*not a database.*\) and left as it is/
  )
  assert.throws(() => open(scratch('none.db'), { readOnly: true }), /none.db: there is no such file; check the path$/)
  const folder = scratch('folder')
  await open(`${folder}/deep/app.db`).close()
  assert.throws(() => open(folder), /: it is a folder; name a file in it$/)
})

opening.run()
