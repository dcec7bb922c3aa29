import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disagreementsOf } from './_agree.mjs'
import { runRound, settle } from './_rounds.mjs'
import { median } from './_stats.mjs'
import { makeLoop, workloads } from './_workloads.mjs'
import { fileContenders } from './contenders/files.mjs'

const WARM_UPS = 3
const STATISTICS = `/proc/self/task/${process.pid}/schedstat`
const ROUNDS = 3

const request = JSON.parse(process.argv[2])
const contender = fileContenders.find(({ id }) => id === request.id)
const folder = mkdtempSync(join(tmpdir(), 'nfo-bench-'))

/** Nanoseconds that this thread has run: a busy machine does not change them. Elsewhere than on Linux, those that passed. */
function threadTime() {
  if (!existsSync(STATISTICS)) return performance.now() * 1e6
  return Number(readFileSync(STATISTICS, 'utf8').split(' ')[0])
}

/** One file: bursts of calls with a turn of the event loop after each, until the last byte is written. */
async function writeFile(workload, name) {
  const path = join(folder, name)
  const { wrap, end } = await contender.open(path, request.entries)
  const subject = { ...workload, fn: wrap(workload.fn, 'measured'), bursts: true }
  const start = { wall: performance.now() * 1e6, thread: threadTime() }
  await runRound(subject, request.calls)
  await end()
  const ns = (threadTime() - start.thread) / request.calls
  const wallNs = (performance.now() * 1e6 - start.wall) / request.calls
  return { ns, wallNs, lines: linesIn(path) - (contender.headLines ?? 0) }
}

/** Not parsed: that would leave more garbage than the round itself. */
function linesIn(path) {
  let count = 0
  for (const byte of readFileSync(path)) if (byte === 10) count++
  return count
}

async function measure() {
  const kind = workloads[request.workload]
  const workload = { ...kind, loop: makeLoop(kind, 'own') }
  const samples = []
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    const { ns, wallNs, lines } = await writeFile(workload, `${round}`)
    if (lines !== request.calls) return { problem: `wrote ${lines} records for ${request.calls} calls` }
    if (round >= WARM_UPS) samples.push({ ns, wallNs })
    await settle()
  }
  return { ns: median(samples.map(({ ns }) => ns)), wallNs: median(samples.map(({ wallNs }) => wallNs)) }
}

async function verify() {
  const path = join(folder, 'verify')
  const { wrap, end } = await contender.open(path, request.entries)
  return { disagreements: await disagreementsOf({ wrap, flush: end, records: () => contender.read(path) }) }
}

const answer = request.verify ? await verify() : await measure()
rmSync(folder, { recursive: true })
console.log(JSON.stringify(answer))
process.exit(0)
