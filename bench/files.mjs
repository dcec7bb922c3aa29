import { table, targetTable } from './_report.mjs'
import { ask, present } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { median, show, showSpread, spread } from './_stats.mjs'
import { filePromises } from './_targets.mjs'
import { workloads } from './_workloads.mjs'
import { fileContenders } from './contenders/files.mjs'

export const title = 'Calls to a file'
export const page = 'sinks.md'

const KINDS = ['ints', 'object']

/** What a call costs the calling thread, to the last byte in the file, next to pino's asynchronous file destination. */
export async function run({ quick, runtime, entry }) {
  const results = {}
  for (const name of present(runtime)) {
    const where = { name, entries: entriesOf(name, entry) }
    await expectAgreement(where)
    results[name] = {}
    for (const workload of KINDS) results[name][workload] = await measure(where, workload, quick)
  }
  const tables = Object.entries(results).map(([name, byKind]) => costTable(name, byKind))
  return [targetTable(filePromises, results), ...tables]
}

const entriesOf = (name, entry) => ({
  nfo: entryFor(name, entry),
  json: entryFor(name, undefined, './json'),
  csv: entryFor(name, undefined, './csv')
})

async function expectAgreement({ name, entries }) {
  for (const { id } of fileContenders) {
    const { disagreements } = await ask(name, '_files-child.mjs', { verify: true, id, entries }, { all: true })
    if (disagreements.length > 0)
      throw new Error(`[nfo] [bench] ${id} on ${name} writes something else:\n${disagreements.join('\n')}`)
  }
  console.log(`${name}: all ${fileContenders.length} files hold the same calls`)
}

/** Each round has every contender once, so that a slow moment of the machine meets all of them. */
async function measure({ name, entries }, workload, quick) {
  const { rounds, calls } = quick ? { rounds: 2, calls: 20_000 } : { rounds: 5, calls: 50_000 }
  const samples = Object.fromEntries(fileContenders.map(({ id }) => [id, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { id } of fileContenders) {
      const { ns, wallNs, problem } = await ask(
        name,
        '_files-child.mjs',
        { id, workload, entries, calls },
        { all: true }
      )
      if (problem) throw new Error(`[nfo] [bench] ${id} on ${name}, ${workload}: ${problem}`)
      samples[id].push({ ns, wallNs })
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([id, list]) => [id, summary(list, samples.pino)]))
}

function summary(list, others) {
  const of = (figure) => list.map((sample) => sample[figure])
  const over = (figure) => median(list.map((sample, round) => sample[figure] / others[round][figure]))
  return { ns: spread(of('ns')), ratio: over('ns'), wallNs: spread(of('wallNs')), wallRatio: over('wallNs') }
}

function costTable(runtime, byKind) {
  const own = ({ ns, ratio }) => `${showSpread(ns)} ×${show(ratio)}`
  const wall = ({ wallNs, wallRatio }) => `${showSpread(wallNs)} ×${show(wallRatio)}`
  const row = (label, id, cell) => [label, ...KINDS.map((kind) => cell(byKind[kind][id]))]
  return table([
    [`${runtime}: ns a call (least..most), × pino`, ...KINDS.map((kind) => workloads[kind].title)],
    ...fileContenders.flatMap(({ id, name }) => [row(name, id, own), row('… by the clock on the wall', id, wall)])
  ])
}
