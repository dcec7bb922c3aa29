import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { driverContract } from './_contract.ts'
import { native } from './_native.ts'

const NONE = 'no SQLite of its own'
const { open, handle } = native ?? ({} as NonNullable<typeof native>)

driverContract(
  'native, path',
  (options) => open(scratch('native.db'), options),
  (test) => skipUnless(test, native !== undefined, NONE)
)
driverContract(
  'native, handle',
  (options) => open(handle(':memory:'), options),
  (test) => skipUnless(test, native !== undefined, NONE)
)

const nativeSuite = suite('drivers/native')
const test = skipUnless(nativeSuite, native !== undefined, NONE)

const inOptions = { part: 'test' }
const CREATE = { sql: 'CREATE TABLE IF NOT EXISTS things (value)' }
const insertion = { sql: "INSERT INTO things VALUES ('x')" }
const countOf = (driver: SqlDriver): unknown => firstOf(driver, 'SELECT count(*) FROM things')

function firstOf(driver: SqlDriver, sql: string): unknown {
  const table = driver.all(sql)
  if (table instanceof Promise) throw new Error('a native driver answers at once')
  return table.rows[0][0]
}

const exists = (path: string): boolean => {
  try {
    return runtime.fs?.statSync(path) !== undefined
  } catch {
    return false
  }
}

test('a new file has a write-ahead log and gives pages back', () => {
  const driver = open(scratch('modes.db'), inOptions)
  assert.is(firstOf(driver, 'PRAGMA journal_mode'), 'wal')
  assert.is(firstOf(driver, 'PRAGMA auto_vacuum'), 2)
  assert.is(firstOf(driver, 'PRAGMA synchronous'), 1)
  driver.close()
})

test('close leaves one whole file', () => {
  const path = scratch('whole.db')
  const driver = open(path, inOptions)
  driver.transaction([CREATE, insertion])
  assert.ok(exists(`${path}-wal`))
  driver.close()
  assert.not.ok(exists(`${path}-wal`))
  const again = open(path, inOptions)
  assert.is(countOf(again), 1)
  again.close()
})

test('flush brings everything into the file itself', () => {
  const path = scratch('flushed.db')
  const driver = open(path, inOptions)
  driver.transaction([CREATE, insertion])
  driver.flushSync?.()
  const copy = scratch('copy.db')
  const { fs } = runtime
  const fd = fs!.openSync(copy, 'w')
  fs!.writeSync(fd, fs!.readFileSync(path))
  fs!.closeSync(fd)
  const other = open(copy, inOptions)
  assert.is(countOf(other), 1)
  other.close()
  driver.close()
})

test('two connections write to one file, new ones too', () => {
  const path = scratch('two.db')
  const [one, other] = [open(path, inOptions), open(path, inOptions)]
  for (let turn = 0; turn < 10; turn++) for (const driver of [one, other]) driver.transaction([CREATE, insertion])
  assert.is(countOf(one), 20)
  one.close()
  other.transaction([insertion])
  assert.is(countOf(other), 21)
  other.close()
})

test('read-only reads, and refuses to write and to create', () => {
  const path = scratch('read.db')
  const writer = open(path, inOptions)
  writer.transaction([CREATE, insertion])
  writer.close()
  const reader = open(path, { ...inOptions, readOnly: true })
  assert.is(countOf(reader), 1)
  assert.throws(() => reader.transaction([insertion]), /readonly|read-only/)
  assert.throws(() => reader.all('PRAGMA user_version = 7; INSERT INTO things VALUES (1)'))
  reader.close()
  assert.throws(() => open(scratch('missing.db'), { ...inOptions, readOnly: true }))
})

test('tells that its file is gone or another one', () => {
  const path = scratch('gone.db')
  const driver = open(path, inOptions)
  driver.transaction([CREATE])
  assert.is(driver.isGone?.(), false)
  runtime.fs?.renameSync(path, `${path}.old`)
  assert.is(driver.isGone?.(), true)
  driver.close()
})

test('does not open what is no database', () => {
  const path = scratch('text.db')
  const fd = runtime.fs!.openSync(path, 'w')
  runtime.fs!.writeSync(fd, new TextEncoder().encode('this is no database, and is longer than a header'.repeat(40)))
  runtime.fs!.closeSync(fd)
  assert.throws(() => open(path, inOptions), /not a database/)
})

test("a handle stays as it is, open, and in the middle of its user's transaction", () => {
  const database = handle(scratch('handle.db'))
  const driver = open(database, inOptions)
  assert.is(firstOf(driver, 'PRAGMA journal_mode'), 'delete')
  database.exec('BEGIN')
  driver.transaction([CREATE, insertion])
  assert.throws(() => driver.transaction([insertion, { sql: 'wrong' }]))
  database.exec('COMMIT')
  driver.transaction([insertion])
  driver.close()
  assert.is(database.prepare('SELECT count(*) AS count FROM things').all()[0].count, 2)
  database.close()
})

test('reads integers that no number holds', () => {
  const driver = open(':memory:', inOptions)
  const value = firstOf(driver, 'SELECT 9223372036854775807')
  assert.ok(Math.abs(Number(value) - 2 ** 63) < 2048)
  driver.close()
})

nativeSuite.run()
