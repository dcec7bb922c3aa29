import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toJson } from '../../src/formats/json.ts'
import type { Filter } from '../../src/store/filter.ts'
import { openStore } from '../../src/store/open.ts'
import { has, skipUnless } from '../_run/runtime.ts'
import { listOf } from './_contract.ts'
import { warmUp } from './_write.ts'

const files = ['python-nfo.db', 'python-nfo.csv', 'python-nfo.jsonl'].map((name) => `test/fixtures/${name}`)
const python = suite('store: files of the Python package')
python.before(warmUp)
const test = skipUnless(python, has.files, 'no file system')

/** The numbers are those of SQL typed by hand into the sqlite3 shell. */
export const counts: [Filter, number][] = [
  [{}, 304],
  [{ level: 'info' }, 77],
  [{ level: 'warn' }, 17],
  [{ errors: true }, 17],
  [{ kind: 'call' }, 304],
  [{ kind: 'message' }, 0],
  [{ environment: 'prod' }, 304],
  [{ environment: '' }, 0],
  [{ trace: 'req-7f3a', version: '1.4.2' }, 304],
  [{ module: '__m*' }, 304]
]

test('all three give the same, 304 entries: 227 DEBUG, 60 INFO, 17 ERROR', async () => {
  for (const path of files) {
    const store = openStore(path)
    for (const [filter, count] of counts)
      assert.is(await store.count(filter), count, `${path} ${JSON.stringify(filter)}`)
    const entries = await listOf(store.query())
    const levels = ['debug', 'info', 'error'].map((name) => entries.filter(({ level }) => level === name).length)
    assert.equal(levels, [227, 60, 17], path)
    assert.is(store.skipped, 0)
    await store.close()
  }
})

test('all three give the same entries and statistics', async () => {
  const [database, ...others] = files.map((path) => openStore(path))
  const expected = (await listOf(database.query({ order: 'newest' }))).map(toJson)
  const { slowest, ...stats } = await database.stats()
  assert.is(expected.length, 304)
  assert.equal([stats.calls, stats.errors, stats.messages], [304, 17, 0])
  assert.is(stats.functions.length, 6)
  for (const store of others) {
    assert.equal((await listOf(store.query({ order: 'newest' }))).map(toJson), expected)
    const { slowest: own, ...same } = await store.stats()
    assert.equal(same, stats)
    assert.equal(own.map(toJson), slowest.map(toJson))
  }
  await database.close()
})

python.run()
