import process from 'node:process'
import { disagreements } from './_agree.mjs'
import { calibrate, runRound, settle } from './_rounds.mjs'
import { makeLoop, workloads } from './_workloads.mjs'
import { nowhere } from './contenders/_destinations.mjs'
import { clockFloor } from './contenders/floor.mjs'
import { createContender } from './contenders/index.mjs'

/** One contender with one workload in a process of its own: another one's types would spoil its inline caches. */
async function measure({ id, workload: name, rounds, roundMs, entry }) {
  const destination = nowhere()
  const contender = await createContender(id, { destination, entry })
  const workload = workloads[name]
  const bare = { ...workload, loop: makeLoop(workload, 'bare') }
  const floor = { ...bare, loop: makeLoop(workload, 'floor'), fn: clockFloor(workload.fn), bursts: contender.bursts }
  const wrapped = contender.wrap(workload.fn, 'measured')
  const finish = contender.drained ? contender.finish : undefined
  const own = { ...floor, loop: makeLoop(workload, 'own'), fn: wrapped, finish }

  let total = 0
  const bareCalls = await calibrate(bare, roundMs)
  const floorCalls = await calibrate(floor, roundMs)
  const calls = await calibrate(own, roundMs, (count) => {
    total += count
  })
  const samples = []
  for (let round = 0; round < rounds; round++) {
    const atBare = await runRound(bare, bareCalls)
    const atFloor = await runRound(floor, floorCalls)
    const atOwn = await runRound(own, calls)
    total += calls
    samples.push({ bare: atBare.ns, floor: atFloor.ns, own: atOwn.ns, total: atOwn.totalNs })
    const { sum } = await runRound(bare, calls)
    if (sum !== atOwn.sum) throw new Error(`results differ: ${atOwn.sum}, not ${sum}`)
    await contender.flush?.()
    await settle()
  }
  const problem = contender.audit ? contender.audit(total) : miscount(contender, destination.count, total)
  return { samples, calls, problem }
}

function miscount({ mayDrop }, count, calls) {
  if (count === calls || mayDrop) return undefined
  return `wrote ${count} records for ${calls} calls`
}

const request = JSON.parse(process.argv[2])
const answer = request.verify
  ? { disagreements: await disagreements(request.id, request.entry) }
  : await measure(request)
console.log(JSON.stringify(answer))
process.exit(0)
