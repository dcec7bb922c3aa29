import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { openStore } from '../../src/store/open.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { listOf, type Register, storeContract } from './_contract.ts'
import { sample } from './_sample.ts'
import { createDatabase, csvLines, gzip, jsonLines, put, warmUp } from './_write.ts'

const onDisk: Register = (contract) => skipUnless(contract, has.files, 'no file system')

storeContract(
  'JSON lines',
  async () => {
    const path = scratch('lines')
    put(path, jsonLines(sample))
    return openStore(path)
  },
  onDisk
)

storeContract(
  'CSV',
  async () => {
    const path = scratch('sheet.txt')
    put(path, csvLines(sample))
    return openStore(path)
  },
  onDisk
)

storeContract(
  'compressed CSV',
  async () => {
    const path = scratch('packed')
    put(path, await gzip(csvLines(sample)))
    return openStore(path)
  },
  onDisk
)

storeContract(
  'rotated JSON lines',
  async () => {
    const path = scratch('app.jsonl')
    const [stem] = path.split('.jsonl')
    const parts = [0, 60, 61, 150, 240].map((from, index, all) => jsonLines(sample.slice(from, all[index + 1] ?? from)))
    put(`${stem}.2026-11-22T22-35-57-140Z.jsonl.gz`, await gzip(parts[0]))
    // Compressed, and not yet removed.
    put(`${stem}.2026-11-22T22-35-57-140Z.jsonl`, parts[0])
    put(`${stem}.2026-11-22T22-35-57-141Z.jsonl`, parts[1])
    put(`${stem}.2026-11-22T22-35-57-142Z.jsonl.gz`, await gzip(parts[2]))
    put(`${stem}.2026-11-22T22-35-57-142Z.jsonl.gz.tmp`, parts[2])
    put(path, parts[3])
    put(`${stem}.other.jsonl`, parts[0])
    return openStore(path)
  },
  onDisk
)

storeContract(
  "a database, the runtime's driver",
  async () => {
    const path = scratch('native.database')
    const driver = await createDatabase(path, sample)
    await driver.close()
    return openStore(path)
  },
  onDisk
)

storeContract(
  'a database, sql.js, with its journal alone',
  async () => {
    const path = scratch('journal.db')
    const driver = await createDatabase(path, sample.slice(0, 100), 'sql.js')
    await driver.close()
    const other = await createDatabase(path, sample.slice(100), 'sql.js')
    await other.flush?.()
    return openStore(path, { driver: 'sql.js' })
  },
  onDisk
)

const opening = suite('store/open')
opening.before(warmUp)
const test = skipUnless(opening, has.files, 'no file system')

test('says what is wrong with a path', () => {
  const wrong: [string, RegExp][] = [
    ['/none/at/all.db', /^\[nfo\] \[query\] cannot open \/none\/at\/all\.db: .*; check the path/],
    ['test', /^\[nfo\] \[query\] cannot open test: .*; name a file, not a folder/],
    [
      'README.md',
      /^\[nfo\] \[query\] cannot read README\.md: it is none of what nfo reads; give a SQLite database, JSON/
    ]
  ]
  for (const [path, message] of wrong) {
    assert.throws(
      () => openStore(path, { part: 'query' }),
      (error: Error) => message.test(error.message) || fail(error)
    )
  }
})

function fail(error: Error): never {
  throw error
}

test('takes an empty file for one without entries', async () => {
  const path = scratch('empty.jsonl')
  put(path, '')
  const { calls, from, functions } = await openStore(path).stats()
  assert.equal([calls, from, functions], [0, undefined, []])
})

test('says when a database has no logs', async () => {
  const path = scratch('others.db')
  const driver = await createDatabase(path, [])
  await driver.transaction([{ sql: 'DROP TABLE logs' }])
  await driver.close()
  const store = openStore(path)
  const error = await store.count().catch((thrown: Error) => thrown)
  assert.match(String(error), /\[nfo\] \[store\] the database has no table logs/)
  await store.close()
})

test('reads a database page by page, with many equal times and durations', async () => {
  const many = Array.from({ length: 3000 }, (_, index) =>
    entry({
      sequence: index + 1,
      timestamp: 1795386957000 + ((index * 7) % 40),
      durationMs: (index * 11) % 30,
      level: index % 3 === 0 ? 'error' : 'debug'
    })
  )
  const compare: Record<string, (one: Entry, other: Entry) => number> = {
    newest: (one, other) => other.timestamp - one.timestamp || other.sequence - one.sequence,
    oldest: (one, other) => one.timestamp - other.timestamp || one.sequence - other.sequence,
    slowest: (one, other) => other.durationMs! - one.durationMs! || other.sequence - one.sequence,
    written: (one, other) => one.sequence - other.sequence
  }
  const path = scratch('pages.db')
  await (await createDatabase(path, many)).close()
  const store = openStore(path)
  for (const [name, by] of Object.entries(compare)) {
    const order = name === 'written' ? undefined : (name as 'newest')
    for (const [filter, wanted] of [
      [{}, many],
      [{ level: 'error' }, many.filter(({ level }) => level === 'error')]
    ] as const) {
      for (const limit of [undefined, 251]) {
        const found = (await listOf(store.query({ ...filter, order, limit }))).map(({ sequence }) => sequence)
        assert.equal(
          found,
          [...wanted]
            .sort(by)
            .slice(0, limit)
            .map(({ sequence }) => sequence),
          `${name} ${limit}`
        )
      }
    }
  }
  const { calls, errors, functions } = await store.stats({ limit: 5 })
  assert.equal([calls, errors, functions[0].p95, functions[0].max], [3000, 1000, 28, 29])
  await store.close()
})

opening.run()
