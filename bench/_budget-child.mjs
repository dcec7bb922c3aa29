import { openSync, writeSync } from 'node:fs'
import process from 'node:process'

const request = JSON.parse(process.argv[2])
const { setTimeout: wait, setImmediate: turn } = globalThis
const now = performance.now.bind(performance)
const epoch = Date.now

// Time goes on by itself, so that what takes long still takes long, and is moved on besides. Set before nfo takes them.
let skipped = 0
const timers = new Map()
performance.now = () => now() + skipped
Date.now = () => Math.floor(epoch() + skipped)
globalThis.setTimeout = (task, ms = 0) => {
  const timer = { task, due: performance.now() + ms, unref: () => timer, ref: () => timer }
  timers.set(timer, timer)
  return timer
}
globalThis.clearTimeout = (timer) => timers.delete(timer)

function fireDue() {
  for (const timer of [...timers.values()].sort((one, other) => one.due - other.due)) {
    if (timer.due > performance.now() || !timers.delete(timer)) continue
    timer.task()
  }
}

const { createLogger } = await import(request.entry)
const factory = request.sink && (await import(request.sink.entry))[request.sink.factory]
const sinks = factory ? [factory(request.path, request.sink.options)] : []
const logger = createLogger({ sinks, ...request.logger })

const readSensor = logger.wrap((sensor, unit) => {
  const value = 20 + Math.sin(performance.now() / 60_000) * 5
  return { sensor, unit, value: Math.round(value * 100) / 100 }
}, 'readSensor')

const clock = openSync(request.clock, 'w')
const tick = new Uint8Array(1)
const turns = () => new Promise((resolve) => turn(resolve))
// The record file's thread has a clock of its own that nothing moves on.
const pause = () => (request.realMs ? new Promise((resolve) => wait(resolve, request.realMs)) : turns())

const start = performance.now()
for (let call = 0; call < request.calls; call++) {
  // A second of the simulated hour.
  if (call % request.rate === 0) writeSync(clock, tick)
  readSensor(`bme280-${call % 2}`, 'celsius')
  await pause()
  skipped += Math.max(0, (1000 * (call + 1)) / request.rate - (performance.now() - start))
  fireDue()
  await turns()
  // A driver may still be loading; an hour has room for that.
  if (call === 0) await new Promise((resolve) => wait(resolve, 500))
}
writeSync(clock, tick)
const { accepted, delivered } = logger.stats()
process.stdout.write(`${JSON.stringify({ accepted, delivered })}\n`)
