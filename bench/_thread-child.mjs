import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { makeLoop, workloads } from './_workloads.mjs'
import { clockFloor } from './contenders/floor.mjs'

const BURST = 1000
const WARM_UP = 20_000

const { entry, subject, calls } = JSON.parse(process.argv[2])
const { configure, wrap } = await import(entry)
const folder = mkdtempSync(join(tmpdir(), 'nfo-thread-'))
const sinks = [`sqlite:${join(folder, 'app.db')}`]

/** The logger of each subject; the floor has none. */
const subjects = {
  floor: () => undefined,
  ring: () => configure({ ring: 2 ** 24 }),
  thread: () => configure({ sinks, thread: true }),
  inline: () => configure({ sinks })
}

const workload = workloads.ints
const logger = subjects[subject]()
const own = { loop: makeLoop(workload, 'own'), fn: logger ? wrap(workload.fn, 'measured') : clockFloor(workload.fn) }
const floor = { loop: makeLoop(workload, 'floor'), fn: clockFloor(workload.fn) }

/** Nanoseconds a call. */
function time({ loop, fn }, from) {
  const start = performance.now()
  loop(fn, from, from + BURST)
  return ((performance.now() - start) * 1e6) / BURST
}

/** The two in turn, so that a slow moment of the machine slows both; nobody waits for the worker between them. */
function measure(count) {
  const samples = []
  for (let from = 0; from < count; from += BURST) samples.push({ floor: time(floor, from), own: time(own, from) })
  return samples
}

measure(WARM_UP)
await logger?.flush({ timeoutMs: 60_000 })
const start = performance.now()
const samples = measure(calls)
await logger?.flush({ timeoutMs: 60_000 })
const written = ((performance.now() - start) * 1e6) / calls
const { accepted = 0, delivered = 0 } = (await logger?.close({ timeoutMs: 60_000 })) ?? {}
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify({ samples, written, accepted, delivered }))
process.exit(0)
