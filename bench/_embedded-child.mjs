import { readFileSync } from 'node:fs'

const { folder, calls, failEvery, nfo, embedded: preset } = JSON.parse(process.argv[2])
const { configure, wrap } = await import(nfo)
const { embedded } = await import(preset)

const logger = configure(embedded({ sinks: [`json:${folder}/app.jsonl`], record: `${folder}/app.nfo` }))
const BATCH = 10_000

const readSensor = (channel, round) => channel * 2 + round
function floor(channel, round) {
  const start = performance.now()
  const result = readSensor(channel, round)
  floor.last = performance.now() - start
  return result
}
const read = wrap(readSensor, 'readSensor')
const fail = wrap(function fail(channel) {
  throw new Error(`channel ${channel} does not answer`)
})

function timed(fn, count) {
  const start = performance.now()
  for (let round = 0; round < count; round++) fn(4, round)
  return (performance.now() - start) / count
}

const median = (list) => list.sort((one, other) => one - other)[list.length >> 1]
const times = { floor: [], read: [] }
const heaps = []
const pause = () => new Promise((resolve) => setTimeout(resolve, 1))

timed(floor, BATCH)
for (let done = 0; done < calls; done += BATCH) {
  times.floor.push(timed(floor, BATCH))
  times.read.push(timed(read, BATCH))
  if (failEvery > 0 && done % failEvery === 0) {
    try {
      fail(4)
    } catch {}
  }
  await pause()
  gc()
  heaps.push(process.memoryUsage().heapUsed)
}
const [, written] = /wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8')) ?? []
await logger.close()
const ratio = median(times.read) / median(times.floor)
// The first tenth is warming up.
const steady = heaps.slice(heaps.length / 10)
const heap = [Math.min(...steady), Math.max(...steady)]
console.log(JSON.stringify({ calls, ratio, heap, written: Number(written) }))
