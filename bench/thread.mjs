import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeWithSqlite, packagedBinary } from '../test/_run/binaries.mjs'
import { table, targetTable } from './_report.mjs'
import { environment, here, root, runtimes } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { median, show, showSpread, spread } from './_stats.mjs'
import { promise } from './_targets.mjs'

export const title = 'A worker thread does the work'
export const page = 'thread.md'

const runFile = promisify(execFile)
const CALLS = 200_000

const subjects = {
  floor: 'two clock reads (floor)',
  ring: 'wrap, no sink',
  thread: 'thread: true, SQLite in the worker',
  inline: 'SQLite on the same thread'
}

const promises = [
  promise('thread: what the caller pays, over the floor', 'atMost', 2, '', ({ thread }) => thread.ratio),
  promise('thread: entries lost', 'atMost', 0, '', ({ thread }) => thread.lost)
]

/** SQLite is sql.js where the runtime has none of its own. */
function places() {
  const node = nodeWithSqlite(root).path
  const all = [
    { name: 'Node, sql.js', command: [process.execPath], condition: 'node' },
    { name: 'Node, node:sqlite', command: [node], condition: 'node' },
    { name: 'Deno', command: [runtimes.deno.binary, ...(runtimes.deno.all ?? [])], condition: 'deno' },
    { name: 'Bun', command: [packagedBinary('bun', root), ...runtimes.bun.flags], condition: 'bun' }
  ]
  return all.filter(({ command }) => command[0])
}

/** 200,000 calls, in turn with the floor, without a pause for the worker; then until all of them are in the file. */
export async function run({ quick, runtime, entry }) {
  const results = {}
  for (const place of places().filter(({ condition }) => !runtime || runtime.includes(condition))) {
    const of = {}
    for (const subject of Object.keys(subjects)) of[subject] = await measure(place, subject, quick ? 1 : 5, entry)
    results[place.name] = of
  }
  return [targetTable(promises, results), costTable(results)]
}

async function measure({ command: [binary, ...flags], condition }, subject, rounds, entry) {
  const request = JSON.stringify({ subject, calls: CALLS, entry: entryFor(condition, entry) })
  const options = { env: environment, timeout: 180_000, killSignal: 'SIGKILL', cwd: here, maxBuffer: 2 ** 24 }
  const answers = []
  for (let round = 0; round < rounds; round++) {
    const { stdout } = await runFile(binary, [...flags, join(here, '_thread-child.mjs'), request], options)
    answers.push(JSON.parse(stdout.trim().split('\n').at(-1)))
  }
  const samples = answers.flatMap((answer) => answer.samples)
  return {
    // Of each run its middle burst: one that the system interrupts says nothing of the call.
    own: spread(answers.map((answer) => median(answer.samples.map(({ own }) => own)))),
    ratio: median(samples.map(({ own, floor }) => own / floor)),
    // All bursts together, also those that waited.
    mean: median(
      answers.map((answer) => answer.samples.reduce((sum, { own }) => sum + own, 0) / answer.samples.length)
    ),
    written: median(answers.map((answer) => answer.written)),
    lost: Math.max(...answers.map(({ accepted, delivered }) => accepted - delivered))
  }
}

function costTable(results) {
  const head = ['ns a call (least..most), × floor', ...Object.keys(results)]
  const cells = Object.entries(subjects).flatMap(([id, name]) => {
    const row = (label, cell) => [label, ...Object.values(results).map((of) => cell(of[id]))]
    const cost = row(name, ({ own, ratio }) => `${showSpread(own)} ×${show(ratio)}`)
    const all = row('… of all bursts, those that waited too', ({ mean }) => show(mean))
    const written = row('… until it is in the file', (result) => show(result.written))
    return id === 'floor' || id === 'ring' ? [cost] : [cost, all, written]
  })
  return table([head, ...cells])
}
