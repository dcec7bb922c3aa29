import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Logger } from '../../src/core/logger.ts'
import { CHUNK_BYTES, createChunks, MAGIC, RECORD_VERSION } from '../../src/record/chunk.ts'
import { readRecord } from '../../src/record/read.ts'
import { scan } from '../../src/record/scan.ts'
import { has, skipUnless, slow } from '../_run/runtime.ts'
import { createBench, createRandom } from './_memory.ts'

const test = suite('reading a record file')
const shared = skipUnless(test, has.sharedMemory, 'no shared memory')
const SIZE = 65_536

/** A file with about a dozen blocks of calls, one call that is open, and names. */
function sample(close = true): Uint8Array {
  const bench = createBench()
  const logger = bench.start({ path: '/app.nfo', size: SIZE }, { environment: 'test', version: '7' })
  const price = logger.wrap((item: { sku: string; count: number }) => item.count * 2, 'price')
  const stuck = logger.wrap((job: string) => work(logger, job), { name: 'stuck', params: ['job'] })
  const work = (by: Logger, job: string) => {
    for (let block = 0; block < 12; block++) {
      for (let i = 0; i < 9; i++) price({ sku: `${job}-${i}`, count: block * 9 + i })
      by.warn('a block is full', { block })
      bench.tick()
    }
    taken = bench.read()
  }
  let taken = bench.read()
  stuck('nightly')
  if (!close) return taken
  void logger.close()
  bench.exit('exit')
  return bench.read()
}

const ENTRIES = 12 * 10

shared('gives back calls, messages and the open call', () => {
  const { entries, open, lost, closed, header } = readRecord(sample(false))
  assert.is(entries.length, ENTRIES)
  assert.equal(entries[3].args, [{ sku: 'nightly-3', count: 3 }])
  assert.is(entries[3].functionName, 'price')
  assert.is(entries[3].returnValue, 6)
  assert.is(entries[3].environment, 'test')
  assert.is(entries[9].args[0], 'a block is full')
  assert.is(entries[9].level, 'warn')
  assert.equal(
    open.map(({ functionName, args, params, open }) => [functionName, args, params, open]),
    [['stuck', ['nightly'], ['job'], true]]
  )
  assert.is(entries[3].parentId, open[0].spanId)
  assert.ok(open[0].durationMs! >= entries[9].timestamp - open[0].timestamp)
  assert.equal(lost, { blocks: 0, records: 0, names: 0, open: 0 })
  assert.is(closed, false)
  assert.is(header?.version, '7')
})

shared('an end in the file closes the open call', () => {
  const { entries, open, end, closed } = readRecord(sample())
  assert.is(entries.length, ENTRIES + 1)
  assert.is(entries.at(-1)?.functionName, 'stuck')
  assert.equal(entries.at(-1)?.args, ['nightly'])
  assert.equal(open, [])
  assert.ok(closed)
  assert.is(end?.entries, ENTRIES + 1)
})

/** Where blocks begin and end, and how many entries each has. */
function blocksOf(bytes: Uint8Array): { from: number; to: number; count: number }[] {
  return scan(bytes).blocks.map(({ at, length, count }) => {
    let to = at + length
    // A file that lacks nothing but zeros of its last word lacks nothing.
    while (bytes[to - 1] === 0 && to > at + length - 7) to--
    return { from: at - CHUNK_BYTES, to, count }
  })
}

shared('cut anywhere, every whole block comes back', () => {
  const bytes = sample(false)
  const blocks = blocksOf(bytes)
  assert.ok(blocks.length >= 12)
  const edges = blocks.flatMap(({ from, to }) => [from, to])
  const step = slow ? 997 : 7
  for (let length = 0; length <= SIZE; length++) {
    const isNear = !slow && edges.some((edge) => Math.abs(edge - length) < 9)
    if (!isNear && length % step !== 0) continue
    const whole = blocks.filter(({ to }) => to <= length)
    const { entries } = readRecord(bytes.subarray(0, length))
    assert.is(
      entries.length,
      whole.reduce((sum, { count }) => sum + count, 0),
      `cut to ${length}`
    )
  }
})

shared('a file that was closed says how much of it is missing', () => {
  const bytes = sample()
  for (const { from } of blocksOf(bytes)) {
    const { entries, lost } = readRecord(bytes.subarray(0, from + 40))
    assert.is(entries.length + lost.records, ENTRIES + 1)
    assert.is(lost.blocks > 0, true)
  }
})

shared('a flipped bit costs no more than its block, and that is counted', () => {
  const bytes = sample()
  const blocks = blocksOf(bytes)
  const { from } = blocks[0]
  const { to } = blocks.at(-1)!
  const random = createRandom(1)
  for (let round = 0; round < (slow ? 300 : 10_000); round++) {
    // Half of them where blocks are, which is a small part of the file.
    const bit = round % 2 ? random(SIZE * 8) : (from + random(to - from)) * 8 + random(8)
    const hit = blocks.find((block) => bit >> 3 >= block.from && bit >> 3 < ((block.to + 7) >> 3) << 3)
    bytes[bit >> 3] ^= 1 << (bit & 7)
    const { entries, lost } = readRecord(bytes)
    assert.is(entries.length, ENTRIES + 1 - (hit?.count ?? 0), `bit ${bit}`)
    assert.equal([lost.blocks, lost.records], hit ? [1, hit.count] : [0, 0], `bit ${bit}`)
    bytes[bit >> 3] ^= 1 << (bit & 7)
  }
})

shared('damage all over is survived', () => {
  const random = createRandom(2)
  for (let round = 0; round < (slow ? 20 : 200); round++) {
    const bytes = sample()
    for (let flip = 0; flip < 1 << random(14); flip++) bytes[random(SIZE)] = random(256)
    const { entries, lost } = readRecord(bytes)
    assert.ok(entries.length + lost.records <= 2 * ENTRIES)
  }
})

test('any bytes are read, and none is no record file', () => {
  const random = createRandom(3)
  for (const length of [0, 1, 7, 8, 31, 32, 33, 5000]) {
    const bytes = Uint8Array.from({ length }, () => random(256))
    const { entries, open, header, format, closed } = readRecord(bytes)
    assert.equal([entries, open, header, format, closed], [[], [], undefined, 0, false])
  }
})

/** A chunk with any payload, as if nfo had written it. */
function forge(kind: number, payload: Uint8Array, count = 0, sequence = 0): Uint8Array {
  const bytes = new Uint8Array((CHUNK_BYTES + payload.length + 7) & ~7)
  bytes.set(payload, CHUNK_BYTES)
  createChunks().seal(new Uint32Array(bytes.buffer), {
    file: 1,
    kind,
    flags: 0,
    sequence,
    length: payload.length,
    count
  })
  return bytes
}

test('chunks that are made up are survived, in a bounded time', () => {
  const random = createRandom(4)
  for (let round = 0; round < (slow ? 100 : 3000); round++) {
    const payload = Uint8Array.from({ length: random(400) }, () => (random(3) ? random(256) : random(8)))
    // Record headers that make some sense: lengths, kinds.
    if (round % 2 && payload.length > 40) payload.set([4 + random(8), 0, random(6), random(256)], 24)
    const kind = 1 + random(5)
    readRecord(forge(kind, payload, random(2) ? random(2 ** 31) : 0, random(3) ? 0 : 1e300))
  }
  const nested = new Uint8Array(SIZE)
  const words = new Uint32Array(nested.buffer)
  for (let word = 0; word < words.length; word += 8) words.set([MAGIC, 1, 1, 0x103, 0, 0, 60_000, 1], word)
  const began = Date.now()
  readRecord(nested)
  assert.ok(Date.now() - began < (slow ? 20_000 : 2000))
})

test('lines of names that make no sense are left out', () => {
  const lines = ['["name",0,7]', '["name",4e9,"a"]', '["site",-1,"a","",0,[]]', '{', '[]', 'null', '["name",1,"b"]']
  const { lost, entries } = readRecord(forge(2, new TextEncoder().encode(`${lines.join('\n')}\n`)))
  assert.equal(entries, [])
  assert.is(lost.names, 1)
})

test('a later format is told apart', () => {
  const bytes = forge(1, new TextEncoder().encode('{}'))
  const words = new Uint32Array(bytes.buffer)
  words[3] = 1 | ((RECORD_VERSION + 1) << 8)
  words[1] = createChunks().crc(words, 2, words.length)
  const { format, header } = readRecord(bytes)
  assert.equal([format, header], [RECORD_VERSION + 1, undefined])
})

test('the checksum is CRC-32', () => {
  const text = new TextEncoder().encode('12345678')
  assert.is(createChunks().crc(new Uint32Array(text.buffer, 0, 2), 0, 2), 0x9ae0daaf)
})

shared('either header will do', () => {
  for (const from of [0, 512]) {
    const bytes = sample()
    bytes.fill(0, from, from + 512)
    assert.is(readRecord(bytes).header?.runtime, 'generic')
    assert.ok(readRecord(bytes).closed)
  }
  const bytes = sample()
  bytes.fill(0, 0, 1024)
  const { header, entries } = readRecord(bytes)
  assert.equal([header, entries.length], [undefined, ENTRIES + 1])
})

shared('without names, numbers stand for them', () => {
  const bytes = sample()
  for (const { at, length } of scan(bytes).names) bytes.fill(0, at, at + length)
  const { entries, lost } = readRecord(bytes)
  assert.is(entries.length, ENTRIES + 1)
  assert.match(entries[0].functionName, /^site#\d+$/)
  assert.equal(Object.keys(entries[0].args[0] as object), ['name#0', 'name#1'])
  assert.ok(lost.names >= 2)
})

test.run()
