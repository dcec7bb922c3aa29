import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, Sink } from '../../src/index.ts'
import type { DataPoint } from '../../src/sinks/analyticsEngine.ts'
import {
  analyticsEngineSink,
  budget,
  d1Sink,
  durableObjectSink,
  kvSink,
  queueSink,
  r2Sink,
  readEntries
} from '../../src/workers/index.ts'
import { entry } from '../formats/_entry.ts'

const bindingSinks = suite('workers/sinks')
const entries = (count: number, fields: Partial<Entry> = {}): Entry[] =>
  Array.from({ length: count }, (_, index) => entry({ sequence: index, ...fields }))
const utf8 = (text: string): number => new TextEncoder().encode(text).length
const sequences = (list: readonly Entry[]): number[] => list.map(({ sequence }) => sequence)

interface Message {
  body: string
  contentType: string
}

/** Refuses what Cloudflare's refuses. */
function strictQueue(): { batches: Message[][]; sendBatch(messages: Message[]): Promise<void> } {
  const batches: Message[][] = []
  return {
    batches,
    async sendBatch(messages) {
      const sizes = messages.map(({ body }) => utf8(body) + 100)
      if (messages.length === 0 || messages.length > 100) throw new Error(`${messages.length} messages`)
      if (sizes.some((size) => size > 128_000)) throw new Error('a message is too large')
      if (sizes.reduce((sum, size) => sum + size) > 256_000) throw new Error('the batch is too large')
      batches.push(messages)
    }
  }
}

const received = ({ batches }: ReturnType<typeof strictQueue>): Entry[] =>
  batches.flat().flatMap(({ body }) => readEntries(body))

bindingSinks('queue: a few entries are one message, which gives them back', async () => {
  const queue = strictQueue()
  const given = entries(3, { args: [new Date(0), 10n, 'ü\n'] })
  await queueSink(queue).write(given)
  assert.is(queue.batches.flat().length, 1)
  assert.equal(received(queue), given)
})

bindingSinks('queue: many entries keep within its limits, in characters of any width', async () => {
  for (const text of ['x', 'ü', '字', '😀']) {
    const queue = strictQueue()
    const given = entries(400, { args: [text.repeat(1000)] })
    await queueSink(queue).write(given)
    assert.equal(sequences(received(queue)), sequences(given))
  }
})

bindingSinks('queue: what is more than its requests is left out, and the last entry says how much', async () => {
  const queue = strictQueue()
  const given = entries(1000, { args: ['x'.repeat(1000)] })
  await queueSink(queue, { requests: 2 }).write(given)
  assert.is(queue.batches.length, 2)
  const [last, ...first] = received(queue).reverse()
  assert.ok(first.length > 300 && first.length < 400)
  assert.is(last.extra.missing, 1000 - first.length)
  assert.match(String(last.args[0]), `${1000 - first.length} entries are missing here`)
})

/** Refuses what Analytics Engine would drop without a word. */
function strictDataset(): { points: DataPoint[]; writeDataPoint(point: DataPoint): void } {
  const points: DataPoint[] = []
  return {
    points,
    writeDataPoint(point) {
      const { blobs, doubles, indexes } = point
      if (blobs.length > 20 || doubles.length > 20 || indexes.length !== 1) throw new Error('too many values')
      if (utf8(indexes[0]) > 96) throw new Error('the index is too long')
      if (blobs.map(utf8).reduce((sum, size) => sum + size) > 16_384) throw new Error('blobs are too long')
      if (!doubles.every(Number.isFinite)) throw new Error('not a number')
      if (points.push(point) > 250) throw new Error('more than 250 points')
    }
  }
}

bindingSinks('analytics engine: keeps within its limits whatever an entry holds', () => {
  const dataset = strictDataset()
  const sink = analyticsEngineSink(dataset, {
    blobs: () => Array.from({ length: 30 }, () => '字'.repeat(3000)),
    doubles: () => [Number.NaN, ...Array.from({ length: 30 }, (_, index) => index)]
  })
  sink.write([
    entry({ functionName: '字'.repeat(100), exception: 'é'.repeat(9000), durationMs: 1.5, extra: { status: 503 } })
  ])
  const [{ indexes, blobs, doubles }] = dataset.points
  assert.is(indexes[0], '字'.repeat(32))
  assert.is(blobs.length, 20)
  assert.is(doubles.length, 20)
  assert.equal(doubles.slice(0, 5), [1.5, 0, 503, 0, 0])
  assert.is(blobs[5], 'é'.repeat(blobs[5].length))
})

bindingSinks('analytics engine: 250 points in an invocation, the last of which says how many are missing', () => {
  const exact = strictDataset()
  analyticsEngineSink(exact).write(entries(250))
  assert.is(exact.points.length, 250)
  assert.not.match(exact.points[249].blobs[5], 'missing')

  const dataset = strictDataset()
  const sink = analyticsEngineSink(dataset)
  sink.write(entries(200))
  sink.write(entries(100))
  assert.is(dataset.points.length, 250)
  assert.match(dataset.points[249].blobs[5], '51 entries are missing here')
  assert.throws(() => sink.write(entries(1)), '[nfo] [analyticsEngine] the limit of 250 entries')
})

bindingSinks('analytics engine: given its name, each event has a count of its own', () => {
  const dataset = strictDataset()
  const make = analyticsEngineSink('CALLS')
  for (let event = 0; event < 2; event++) {
    dataset.points.length = 0
    make({ CALLS: dataset }, {}).write(entries(300))
    assert.is(dataset.points.length, 250)
  }
})

interface Put {
  key: string
  value: string | ArrayBuffer
  options: { httpMetadata?: { contentType: string }; expirationTtl?: number; metadata?: Record<string, unknown> }
}

function recorder(): { puts: Put[]; put(key: string, value: never, options: never): Promise<void> } {
  const puts: Put[] = []
  return {
    puts,
    async put(key, value, options) {
      puts.push({ key, value, options })
    }
  }
}

bindingSinks('r2: an object of JSON lines for each hour', async () => {
  const bucket = recorder()
  const times = ['2026-11-23T06:59:59.999Z', '2026-11-23T07:00:00.000Z', '2026-11-23T07:00:01.250Z'].map(Date.parse)
  const given = times.map((timestamp, sequence) => entry({ timestamp, sequence }))
  await r2Sink(bucket, { prefix: 'shop/' }).write(given)
  assert.is(bucket.puts.length, 2)
  assert.match(bucket.puts[0].key, /^shop\/2026-11-23\/06\/065959999-[\da-f]{8}\.jsonl$/)
  assert.match(bucket.puts[1].key, /^shop\/2026-11-23\/07\/070000000-[\da-f]{8}\.jsonl$/)
  assert.equal(
    bucket.puts.map(({ value }) => sequences(readEntries(value))),
    [[0], [1, 2]]
  )
  assert.is(bucket.puts[0].options.httpMetadata?.contentType, 'application/x-ndjson')
})

bindingSinks('r2: gzip', async () => {
  const bucket = recorder()
  await r2Sink(bucket, { gzip: true }).write(entries(50))
  const [{ key, value, options }] = bucket.puts
  assert.match(key, /\.jsonl\.gz$/)
  assert.is(options.httpMetadata?.contentType, 'application/gzip')
  const plain = new Blob([value]).stream().pipeThrough(new DecompressionStream('gzip'))
  assert.equal(sequences(readEntries(await new Response(plain).text())), sequences(entries(50)))
})

bindingSinks('kv: the last crash with what came before it, once a second', async () => {
  const namespace = recorder()
  const sink = kvSink(namespace, { entries: 3, ttl: 3600 })
  await sink.write(entries(5))
  assert.is(namespace.puts.length, 0)
  const failure = entry({ sequence: 5, level: 'error', functionName: 'pay', exception: 'no money' })
  await sink.write([...entries(5), failure, entry({ sequence: 6 })])
  await sink.write([failure])
  assert.is(namespace.puts.length, 1)
  const [{ key, value, options }] = namespace.puts
  assert.is(key, 'nfo:last-crash')
  assert.equal(sequences(readEntries(value)), [3, 4, 5])
  assert.is(options.expirationTtl, 3600)
  assert.is(options.metadata?.functionName, 'pay')
  assert.is(options.metadata?.message, 'no money')
})

/** What a sink was given. */
function taken(): Sink & { entries: Entry[] } {
  const list: Entry[] = []
  return { entries: list, write: (batch) => void list.push(...batch) }
}

bindingSinks('budget: so many bytes or entries an invocation, and the last entry says how many are missing', () => {
  const sink = taken()
  const make = budget(sink, { bytes: 20_000 })
  for (let event = 0; event < 2; event++) {
    sink.entries.length = 0
    make({}, {}).write(entries(100, { args: ['x'.repeat(500)] }))
    const last = sink.entries.at(-1) as Entry
    assert.ok(sink.entries.length > 20 && sink.entries.length < 40)
    assert.is(last.extra.missing, 101 - sink.entries.length)
  }
  const few = taken()
  budget(() => few, { entries: 10 })({}, {}).write(entries(11))
  assert.is(few.entries.length, 10)
  assert.is(few.entries[9].extra.missing, 2)
})

bindingSinks('a binding that is not there is named', () => {
  const missing = { d1: d1Sink, queue: queueSink, r2: r2Sink, kv: kvSink, analyticsEngine: analyticsEngineSink }
  for (const [part, sink] of Object.entries(missing)) {
    assert.throws(() => sink('NOPE')({}, {}), `[nfo] [${part}] env has no NOPE; name it in the bindings`)
  }
  assert.throws(() => durableObjectSink()({}, {}), '[nfo] [durableObject] this event has no SQLite storage')
})

bindingSinks.run()
