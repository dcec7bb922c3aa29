import { table, targetTable } from './_report.mjs'
import { ask, present } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { promise } from './_targets.mjs'

export const title = 'Memory'

const MEGABYTE = 1e6
const RING = 64 * 1024

/** What a 64 KiB ring leaves in memory after many calls, and after one huge argument. */
export async function run({ quick, runtime, entry }) {
  const calls = quick ? 500_000 : 10_000_000
  const results = {}
  for (const name of present(runtime)) {
    const answer = await ask(name, '_memory-child.mjs', { calls, entry: entryFor(name, entry) }, { gc: true })
    if (answer.accepted < calls) throw new Error(`[nfo] [bench] ${name} recorded ${answer.accepted} of ${calls} calls`)
    results[name] = answer
  }
  const grown = ({ before, after }) => (after.heap - before.heap) / MEGABYTE
  const promises = [
    promise(`heap after ${calls.toLocaleString('en-US')} mixed calls`, 'atMost', 1, ' MB', grown),
    promise('left by one 100 MB string', 'atMost', RING, ' bytes', ({ string }) => string.added),
    promise('left by one 100 MB buffer', 'atMost', RING, ' bytes', ({ buffer }) => buffer.added)
  ]
  return [table(rows(results)), targetTable(promises, results)]
}

function rows(results) {
  const cells = (figure) => Object.values(results).map(figure)
  const megabytes = (bytes) => `${(bytes / MEGABYTE).toFixed(2)} MB`
  return [
    ['', ...Object.keys(results)],
    ['heap before', ...cells(({ before }) => megabytes(before.heap))],
    ['heap after', ...cells(({ after }) => megabytes(after.heap))],
    ['outside the heap before', ...cells(({ before }) => megabytes(before.external))],
    ['outside the heap after', ...cells(({ after }) => megabytes(after.external))],
    ['the call with a 100 MB string took', ...cells(({ string }) => `${string.ms.toFixed(3)} ms`)],
    ['the call with a 100 MB buffer took', ...cells(({ buffer }) => `${buffer.ms.toFixed(3)} ms`)]
  ]
}
