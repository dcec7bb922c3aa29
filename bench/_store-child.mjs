import { createHash } from 'node:crypto'

const { path, store: entry, driver, filters, orders, rounds } = JSON.parse(process.argv[2])
const { openStore } = await import(entry)

async function timed(work) {
  const begun = performance.now()
  const value = await work()
  return { ms: performance.now() - begun, value }
}

/** The median time, and what came out, short enough to be compared. */
async function measured(work) {
  const runs = []
  for (let round = 0; round < rounds; round++) runs.push(await timed(work))
  const times = runs.map(({ ms }) => ms).sort((left, right) => left - right)
  const digest = createHash('sha1').update(JSON.stringify(runs[0].value)).digest('hex')
  return { ms: times[times.length >> 1], digest }
}

async function page(store, filter) {
  const found = []
  for await (const { sequence } of store.query({ ...filter, limit: 100 })) found.push(sequence)
  return found
}

const begun = performance.now()
const store = openStore(path, { driver })
const first = await timed(() => page(store, { order: 'newest' }))
const opened = performance.now() - begun

const pages = {}
for (const [name, filter] of Object.entries(filters)) {
  pages[name] = {}
  for (const order of orders) pages[name][order] = await measured(() => page(store, { ...filter, order }))
}
const stats = await measured(() => store.stats())
const count = await measured(() => store.count({ text: 'nothing at all' }))
await store.close()
console.log(JSON.stringify({ opened, first: first.value.length, pages, stats, count }))
