import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import type { Filter } from '../../src/store/filter.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { sample } from './_sample.ts'
import { createDatabase, csvLines, gzip, insert, jsonLines, put, warmUp } from './_write.ts'

const following = suite('store: follow')
following.before(warmUp)
const test = skipUnless(following, has.files, 'no file system')
const part = (from: number, to: number): readonly Entry[] => sample.slice(from, to)
const csvBody = (entries: readonly Entry[]): string => csvLines(entries).replace(/^.*\r\n/, '')

interface Watch {
  /** The sequences that have come, when there are so many. */
  have(count: number): Promise<number[]>
  end(): Promise<void>
}

function watch(store: Store, filter: Filter = {}, existing = false): Watch {
  const ending = new AbortController()
  const seen: number[] = []
  const entries = store.follow(filter, { signal: ending.signal, interval: 5, existing })
  const reading = (async () => {
    for await (const { sequence } of entries) seen.push(sequence)
  })()
  const later = () => new Promise((resolve) => setTimeout(resolve, 5))
  return {
    async have(count) {
      for (let tries = 0; seen.length < count && tries < 400; tries++) await later()
      // One too many would come now.
      for (let tries = 0; tries < 8; tries++) await later()
      return seen
    },
    async end() {
      ending.abort()
      await reading
      await store.close()
    }
  }
}

const range = (from: number, to: number): number[] => part(from, to).map(({ sequence }) => sequence)

const formats = { 'JSON lines': [jsonLines, jsonLines], CSV: [csvLines, csvBody] } as const
for (const [name, [whole, body]] of Object.entries(formats)) {
  test(`${name}: gives what is written from the call on, also in halves of lines`, async () => {
    const path = scratch('grows')
    put(path, whole(part(0, 10)))
    const { have, end } = watch(openStore(path))
    assert.equal(await have(0), [])
    put(path, body(part(10, 20)), 'a')
    assert.equal(await have(10), range(10, 20))
    const line = body(part(20, 21))
    put(path, line.slice(0, 99), 'a')
    assert.equal(await have(10), range(10, 20))
    put(path, line.slice(99), 'a')
    assert.equal(await have(11), range(10, 21))
    await end()
  })

  test(`${name}: a line that is half there at the call is given when it is whole`, async () => {
    const path = scratch('half')
    const line = body(part(3, 4))
    put(path, whole(part(0, 3)) + line.slice(0, 50))
    const store = openStore(path)
    const { have, end } = watch(store, {}, true)
    assert.equal(await have(3), range(0, 3))
    put(path, line.slice(50), 'a')
    assert.equal(await have(4), range(0, 4))
    assert.is(store.skipped, 0)
    await end()
  })
}

test('CSV: keeps to the columns that its header names', async () => {
  const path = scratch('others.csv')
  put(path, 'level,timestamp,function_name,sequence,kind\r\nINFO,2026-11-22T22:35:57+00:00,price,1,call\r\n')
  const { have, end } = watch(openStore(path), { function: 'total' })
  await have(0)
  put(path, 'INFO,2026-11-22T22:35:58+00:00,total,2,call\r\n', 'a')
  assert.equal(await have(1), [2])
  await end()
})

test('goes on through rotation, and through more than one between two looks', async () => {
  const fs = runtime.fs
  const path = scratch('turns.jsonl')
  const rotated = (stamp: string): string => path.replace('.jsonl', `.2026-11-22T22-35-57-${stamp}Z.jsonl`)
  put(rotated('001'), jsonLines(part(0, 5)))
  put(path, jsonLines(part(5, 10)))
  const { have, end } = watch(openStore(path), {}, true)
  assert.equal(await have(10), range(0, 10))
  put(path, jsonLines(part(10, 15)), 'a')
  fs?.renameSync(path, rotated('002'))
  put(path, jsonLines(part(15, 20)))
  assert.equal(await have(20), range(0, 20))
  // All at once, as this runs without a pause.
  const packed = await gzip(jsonLines(part(25, 30)))
  put(path, jsonLines(part(20, 25)), 'a')
  fs?.renameSync(path, rotated('003'))
  put(`${rotated('004')}.gz`, packed)
  put(rotated('005'), jsonLines(part(30, 35)))
  put(path, jsonLines(part(35, 40)))
  assert.equal(await have(40), range(0, 40))
  await end()
})

test('starts anew in a file that was truncated, and waits for one that is gone', async () => {
  const path = scratch('cut.jsonl')
  put(path, jsonLines(part(0, 10)))
  const { have, end } = watch(openStore(path))
  await have(0)
  put(path, jsonLines(part(10, 12)))
  assert.equal(await have(2), range(10, 12))
  runtime.fs?.unlinkSync(path)
  assert.equal(await have(2), range(10, 12))
  put(path, jsonLines(part(12, 14)))
  assert.equal(await have(4), range(10, 14))
  await end()
})

for (const driver of [undefined, 'sql.js'] as const) {
  test(`a database by ${driver ?? "the runtime's driver"}: gives what another connection commits`, async () => {
    const path = scratch('follow.db')
    const writer = await createDatabase(path, part(0, 10), driver)
    await writer.flush?.()
    const { have, end } = watch(openStore(path, { driver }), {}, true)
    assert.equal(await have(10), range(0, 10))
    for (let from = 10; from < 40; from += 10) {
      await insert(writer, part(from, from + 10))
      assert.equal(await have(from + 10), range(0, from + 10))
    }
    await end()
    await writer.close()
  })
}

test('filters, and takes the newest of what is there', async () => {
  const path = scratch('newest')
  const database = `${path}.db`
  put(path, jsonLines(part(0, 100)))
  const writer = await createDatabase(database, part(0, 100))
  const isWanted = ({ functionName }: Entry): boolean => functionName === 'price'
  const newest = part(0, 100)
    .filter(isWanted)
    .sort((one, other) => one.timestamp - other.timestamp)
    .slice(-3)
  const expected = [...newest, ...part(100, 150).filter(isWanted)].map(({ sequence }) => sequence)
  for (const at of [path, database]) {
    const { have, end } = watch(openStore(at), { function: 'price', limit: 3, order: 'slowest' }, true)
    await have(3)
    if (at === path) put(path, jsonLines(part(100, 150)), 'a')
    else await insert(writer, part(100, 150))
    assert.equal(await have(expected.length), expected)
    await end()
  }
  await writer.close()
})

test('ends at once when its signal was aborted before', async () => {
  const path = scratch('aborted')
  put(path, jsonLines(part(0, 2)))
  for await (const _ of openStore(path).follow({}, { signal: AbortSignal.abort() })) assert.unreachable()
})

following.run()
