import { table } from './_report.mjs'
import { ask, present } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { show } from './_stats.mjs'

export const title = 'Calls in a context'
export const page = 'context.md'

const ROWS = {
  before: 'nobody has used a context',
  outside: 'outside of one, when somebody has',
  inside: 'inside, with two fields',
  silent: 'inside `silence`',
  run: '`AsyncLocalStorage.run` around the bare function'
}

/** What a recorded `add(i, 7)` costs, over a wrapper that only reads the clock twice. */
export async function run({ quick, runtime, entry }) {
  const results = {}
  for (const name of present(runtime)) {
    results[name] = await ask(name, '_context-child.mjs', { quick, entry: entryFor(name, entry) })
  }
  const rows = Object.entries(ROWS).map(([key, what]) => [
    what,
    ...Object.values(results).map((ratios) => `×${show(ratios[key])}`)
  ])
  return [table([['times two clock reads', ...Object.keys(results)], ...rows])]
}
