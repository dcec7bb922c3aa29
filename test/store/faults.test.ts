import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { openStore } from '../../src/store/open.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { listOf } from './_contract.ts'
import { sample } from './_sample.ts'
import { csvLines, gzip, jsonLines, put, warmUp } from './_write.ts'

const damage = suite('store: damaged files')
damage.before(warmUp)
const test = skipUnless(damage, has.files, 'no file system')
const sequences = (entries: readonly Entry[]): number[] => entries.map(({ sequence }) => sequence)
const upTo = (count: number): number[] => sample.slice(0, count).map(({ sequence }) => sequence)

test('skips and counts lines that are torn or none, in JSON lines', async () => {
  const path = scratch('torn.jsonl')
  const [first, second, third] = [0, 1, 2].map((index) => jsonLines([sample[index]]))
  const garbage = ['{"timestamp":"2026', '\0\0\0\0', '[1]', 'null', '{"no":"time"}', '\ufffd{"timestamp":1}}']
  put(path, `${first}${garbage.join('\n')}\n\r\n  \n${second}${third.slice(0, -1)}`)
  const store = openStore(path)
  assert.equal(sequences(await listOf(store.query())), upTo(3))
  assert.is(store.skipped, garbage.length)
  await store.count()
  assert.is(store.skipped, garbage.length)
  put(path, jsonLines(sample.slice(0, 2)))
  assert.is(await store.count(), 2)
  assert.is(store.skipped, 0)
})

test('reads the rest when the first line is torn', async () => {
  for (const [torn, text] of [
    ['e":"DEBUG","args":[1]}\n', jsonLines(sample.slice(0, 3))],
    ['rest of a cell",1,2\r\n', csvLines(sample.slice(0, 3))]
  ]) {
    const path = scratch('begin')
    put(path, torn + text)
    const store = openStore(path)
    assert.equal(sequences(await listOf(store.query())), upTo(3))
    assert.is(store.skipped, 1)
  }
})

test('reads the same whatever its pieces are cut into', async () => {
  const wide = entry({ sequence: 2, args: ['日'.repeat(200_000)], traceback: 'a\n"b"\r\n,'.repeat(60_000) })
  const entries = [sample[0], wide, ...sample.slice(2, 60)]
  for (const text of [jsonLines(entries), csvLines(entries)]) {
    const path = scratch('wide')
    put(path, text)
    const store = openStore(path)
    const found = await listOf(store.query())
    assert.is(jsonLines(found), jsonLines(entries))
    assert.is(store.skipped, 0)
  }
})

test('reads what there is of a compressed file that is torn', async () => {
  const path = scratch('app.jsonl')
  const rotated = path.replace('.jsonl', '.2026-11-22T22-35-57-140Z.jsonl.gz')
  const noise = Array.from({ length: 4000 }, (_, index) => entry({ sequence: index, args: [`${Math.sin(index)}`] }))
  const packed = await gzip(jsonLines(noise))
  put(rotated, packed.subarray(0, packed.length - 2000))
  put(path, jsonLines(sample.slice(0, 2)))
  const store = openStore(path)
  const found = await listOf(store.query())
  assert.ok(found.length > 1000 && found.length < 4002, `${found.length} entries`)
  assert.equal(sequences(found.slice(-2)), upTo(2))
  // The last line is cut too.
  assert.is(store.skipped, 2)
})

test('reads rotated files when there is no current one', async () => {
  const path = scratch('gone.csv')
  put(path.replace('.csv', '.2026-11-22T22-35-57-140Z.csv'), csvLines(sample.slice(0, 2)))
  assert.equal(sequences(await listOf(openStore(path).query())), upTo(2))
})

test('gives timers their turn while it reads', async () => {
  const path = scratch('long.jsonl')
  for (let part = 0; part < 100; part++) put(path, jsonLines(sample), 'a')
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const count = await openStore(path).count({ text: 'nothing' })
  clearInterval(timer)
  assert.is(count, 0)
  assert.ok(turns > 1, `${turns} turns`)
})

damage.run()
