import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { DriverOptions, SqlDriver } from '../../src/drivers/types.ts'
import type { Cell } from '../../src/formats/row.ts'
import { slow } from '../_run/runtime.ts'

/** Opens a database that is empty and new at every call. */
export type Opener = (options: DriverOptions) => SqlDriver | Promise<SqlDriver>

type Contract = ReturnType<typeof suite>

/** Gives the function that registers tests: the suite's own, or one that skips where the runtime lacks something. */
export type Register = (contract: Contract) => (name: string, handler: () => Promise<void>) => void

const texts = ['', "'", '"', ';', '--', '?', '?1', '\n', '\r\n', '\x01\x1b[31m', '\u2028', 'x\ufeff', 'zażółć', 'עברית']
const wide = ['日本語', '👩‍👧', '\u{10ffff}', 'e\u0301', '%', '_', "'); DROP TABLE things; --"]
const numbers = [0, 1, -1, 0.1, 1.5e300, 5e-324, 2 ** 31, -(2 ** 40), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]

/** What the driver throws, or its promise is rejected with. */
async function failureOf(work: () => unknown): Promise<Error> {
  try {
    await work()
  } catch (error) {
    return error as Error
  }
  throw new Error('did not fail')
}

const CREATE = { sql: 'CREATE TABLE things (id INTEGER PRIMARY KEY, value, other)' }
const insertion = (value: Cell, other: Cell = null) => ({
  sql: 'INSERT INTO things (value, other) VALUES (?, ?)',
  values: [value, other]
})

/** What every driver does. */
export function driverContract(name: string, open: Opener, register: Register = (test) => test): void {
  const contract = suite(`drivers/${name}: contract`)
  const test = register(contract)

  async function opened(): Promise<SqlDriver> {
    const driver = await open({ part: 'test' })
    await driver.transaction([CREATE])
    return driver
  }

  const valuesOf = async (driver: SqlDriver): Promise<unknown[]> =>
    (await driver.all('SELECT value FROM things ORDER BY id')).rows.map(([value]) => value)

  test('gives columns and rows', async () => {
    const driver = await opened()
    await driver.transaction([insertion('a', 1), insertion('b', null)])
    const table = await driver.all('SELECT other AS second, value FROM things WHERE value >= ?1 ORDER BY id', ['a'])
    assert.equal([...table.columns], ['second', 'value'])
    assert.equal(
      table.rows.map((row) => [...row]),
      [
        [1, 'a'],
        [null, 'b']
      ]
    )
    await driver.close()
  })

  test('gives the columns of a query without rows', async () => {
    const driver = await opened()
    const { rows } = await driver.all('SELECT value, other FROM things')
    assert.is(rows.length, 0)
    await driver.close()
  })

  test('keeps any value', async () => {
    const driver = await opened()
    const values: Cell[] = [...texts, ...wide, ...numbers, null, 'x'.repeat(1_000_000)]
    await driver.transaction(values.map((value) => insertion(value)))
    const kept = await valuesOf(driver)
    assert.is(kept.length, values.length)
    for (const [at, value] of values.entries()) assert.is(kept[at], value)
    await driver.close()
  })

  test('binds texts, and never runs them', async () => {
    const driver = await opened()
    const storable = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\p{Cs}]/u.test(text))
    const sql = fc.constantFrom("'); DELETE FROM things; --", '?2', "' OR 1=1 --", '"); DROP TABLE things', '$a :b @c')
    let count = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(storable, sql), async (text) => {
        count++
        await driver.transaction([insertion(text, count)])
        const { rows } = await driver.all('SELECT value FROM things WHERE value = ? AND other = ?', [text, count])
        assert.is(rows[0][0], text)
      }),
      { numRuns: slow ? 10 : 50 }
    )
    assert.is((await valuesOf(driver)).length, count)
    await driver.close()
  })

  test('runs the statements of a transaction in their order', async () => {
    const driver = await opened()
    await driver.transaction([insertion(1), { sql: 'UPDATE things SET value = value + 1' }, insertion(1)])
    assert.equal(await valuesOf(driver), [2, 1])
    await driver.close()
  })

  test('runs all statements of a transaction, or none', async () => {
    const driver = await opened()
    const wrong = { sql: 'INSERT INTO things (id) VALUES (?)', values: [1] }
    await driver.transaction([insertion('before')])
    await failureOf(() => driver.transaction([insertion('lost'), wrong, insertion('never')]))
    assert.equal(await valuesOf(driver), ['before'])
    await failureOf(() => driver.transaction([insertion('lost'), { sql: 'no such thing' }]))
    await driver.transaction([insertion('after')])
    assert.equal(await valuesOf(driver), ['before', 'after'])
    await driver.close()
  })

  test('takes an empty transaction', async () => {
    const driver = await opened()
    await driver.transaction([])
    await driver.transaction([insertion('after')])
    assert.equal(await valuesOf(driver), ['after'])
    await driver.close()
  })

  test('fails with what the library says', async () => {
    const driver = await opened()
    assert.match((await failureOf(() => driver.all('SELECT nothing FROM things'))).message, 'nothing')
    assert.equal(await valuesOf(driver), [])
    await driver.close()
  })

  test('binds as many values as it says, also by number', async () => {
    const driver = await opened()
    const values = Array.from({ length: Math.min(driver.variables, 2000) }, (_, index) => index)
    const rows = values.map((_, index) => `(?${index + 1}, ?1)`)
    await driver.transaction([{ sql: `INSERT INTO things (value, other) VALUES ${rows}`, values }])
    assert.equal(await valuesOf(driver), values)
    await driver.close()
  })

  test('uses a statement again, also after the table has changed', async () => {
    const driver = await opened()
    await driver.transaction([insertion(1), insertion(2)])
    await driver.transaction([{ sql: 'ALTER TABLE things ADD COLUMN more' }])
    await driver.transaction([insertion(3)])
    assert.is((await driver.all('SELECT * FROM things')).columns.length, 4)
    for (let one = 0; one < 150; one++)
      await driver.transaction([{ sql: `INSERT INTO things (value) VALUES (${one})` }])
    await driver.transaction([insertion(4)])
    assert.is((await valuesOf(driver)).length, 154)
    await driver.close()
  })

  test('prepares before anything else', async () => {
    const driver = await open({ part: 'test', prepare: (bare) => bare.transaction([CREATE]) })
    await driver.transaction([insertion('first')])
    assert.equal(await valuesOf(driver), ['first'])
    await driver.close()
  })

  test('fails when it cannot be prepared', async () => {
    const prepare = (): void => {
      throw new Error('not like this')
    }
    const error = await failureOf(async () => (await open({ part: 'test', prepare })).all('SELECT 1'))
    assert.match(error.message, 'not like this')
  })

  test('flushes any number of times', async () => {
    const driver = await opened()
    await driver.transaction([insertion(1)])
    await driver.flush?.()
    driver.flushSync?.()
    await driver.flush?.()
    assert.equal(await valuesOf(driver), [1])
    await driver.close()
  })

  contract.run()
}
