import { table, targetTable } from './_report.mjs'
import { ask, present } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { median, show, spread } from './_stats.mjs'
import { addedCosts, wrapPromises } from './_targets.mjs'
import { workloads } from './_workloads.mjs'
import { contenders } from './contenders/index.mjs'

export const title = 'Wrapped calls'

/** What a call costs with each contender, on each runtime, with each kind of argument. */
export async function run({ quick, runtime, only, workload, entry }) {
  const chosen = contenders.filter(({ id }) => only === undefined || only.includes(id))
  const kinds = Object.keys(workloads).filter((name) => workload === undefined || workload.includes(name))
  const results = {}
  for (const name of present(runtime)) {
    const where = { name, entry: entryFor(name, entry) }
    await expectAgreement(where, chosen)
    results[name] = await measureAll(where, chosen, kinds, quick)
  }
  const tables = Object.entries(results).map(([name, byKind]) => costTable(name, byKind, chosen, kinds))
  return [targetTable([...wrapPromises, ...addedCosts], results), ...tables]
}

/** Nothing is compared that does not record the same calls. */
async function expectAgreement({ name, entry }, chosen) {
  for (const { id, name: contender } of chosen) {
    const { disagreements } = await ask(name, '_child.mjs', { verify: true, id, entry })
    if (disagreements.length > 0)
      throw new Error(`[nfo] [bench] ${contender} on ${name} records something else:\n${disagreements.join('\n')}`)
  }
  console.log(`${name}: all ${chosen.length} contenders record the same calls`)
}

async function measureAll({ name, entry }, chosen, kinds, quick) {
  const pace = quick ? { rounds: 7, roundMs: 20 } : { rounds: 11, roundMs: 150 }
  const results = {}
  for (const workload of kinds) {
    results[workload] = {}
    for (const { id } of chosen) {
      progress(`${name} ${workload} ${id}`)
      const { samples, problem } = await ask(name, '_child.mjs', { id, workload, entry, ...pace })
      if (problem) throw new Error(`[nfo] [bench] ${id} on ${name}, ${workload}: ${problem}`)
      results[workload][id] = summary(samples)
    }
  }
  progress('')
  return results
}

/** Where the run is, for a person who waits. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** Each round is set against the floor measured right before it, so that a slow moment of the machine slows both. */
function summary(samples) {
  const of = (figure) => spread(samples.map(figure))
  return {
    bare: of(({ bare }) => bare),
    floor: of(({ floor }) => floor),
    own: of(({ own }) => own),
    total: of(({ total }) => total),
    ratio: of(({ own, floor }) => own / floor),
    overBare: of(({ own, bare }) => own - bare)
  }
}

function costTable(runtime, byKind, chosen, kinds) {
  const row = (label, cell) => [label, ...kinds.map((kind) => cell(byKind[kind]))]
  const middle = (results, figure) => show(median(Object.values(results).map((result) => result[figure].median)))
  return table([
    [`${runtime}: ns a call (least..most), × floor`, ...kinds.map((kind) => workloads[kind].title)],
    row('bare call', (results) => middle(results, 'bare')),
    row('two clock reads (floor)', (results) => middle(results, 'floor')),
    ...chosen.flatMap(({ id, name, bursts }) => [
      row(name, (results) => cost(results[id])),
      ...(bursts ? [row('… its drain included, ns an entry', (results) => show(results[id].total.median))] : [])
    ])
  ])
}

const cost = ({ own, ratio }) => `${show(own.median)} (${show(own.min)}..${show(own.max)}) ×${show(ratio.median)}`
