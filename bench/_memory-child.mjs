import process from 'node:process'

const RING = 64 * 1024
const HUGE = 100_000_000
const request = JSON.parse(process.argv[2])
const { createLogger, memorySink } = await import(request.entry)

const collect = globalThis.gc ?? (() => globalThis.Bun.gc(true))

/** Everything the engine holds, after the garbage is gone: objects, and the bytes outside the heap. */
async function heldBytes() {
  for (let times = 0; times < 4; times++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const { heapUsed, external } = process.memoryUsage()
  return { heap: heapUsed, external }
}

const logger = createLogger({ level: 'info', delivery: 'on-error', ring: RING, sinks: [memorySink({ entries: 100 })] })
const wrap = (fn, name) => logger.wrap(fn, { name, level: 'info' })
const add = wrap((a, b) => a + b, 'add')
const measure = wrap((text) => text.length, 'measure')
const describe = wrap((order) => order.id, 'describe')
const later = wrap(async (value) => value, 'later')

/** Integers, fractions, fresh strings of many lengths, fresh objects, and a promise now and then. */
async function mixedCalls(from, to) {
  for (let i = from; i < to; i += 5) {
    add(i, 7)
    add(i + 0.5, -1.25)
    measure(`${i}:${'é'.repeat(i % 97)}`)
    describe({ id: i, name: `order ${i}`, tags: ['new', 'paid'], nested: { x: i / 3, y: [1, 2, 3] } })
    add(i, null)
    if (i % 1000 === 0) await later(i)
  }
}

/** What one call with a huge argument leaves behind, and how long it took. */
async function hugeCall(make) {
  const value = make()
  if (typeof value === 'string') value.charCodeAt(HUGE - 1)
  const before = await heldBytes()
  const start = performance.now()
  measure(value)
  const ms = performance.now() - start
  const after = await heldBytes()
  return { ms, added: after.heap + after.external - before.heap - before.external, kept: value.length }
}

await mixedCalls(0, 50_000)
const before = await heldBytes()
await mixedCalls(0, request.calls)
const after = await heldBytes()
const string = await hugeCall(() => new TextDecoder('latin1').decode(new Uint8Array(HUGE).fill(120)))
const buffer = await hugeCall(() => new Uint8Array(HUGE))
const { accepted } = logger.stats()
console.log(JSON.stringify({ before, after, string, buffer, accepted }))
process.exit(0)
