import { table, targetTable } from './_report.mjs'
import { ask } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { showSpread, spread } from './_stats.mjs'
import { promise } from './_targets.mjs'

export const title = 'Import'

const here = (specifier) => import.meta.resolve(specifier)

/** What `import` costs in a cold process on Node, against a module with nothing in it, all of them taking turns. */
export async function run({ quick, entry }) {
  const modules = {
    'an empty module': here('./_empty.mjs'),
    nfo: entryFor('node', entry),
    pino: here('pino'),
    LogTape: here('@logtape/logtape'),
    tslog: here('tslog'),
    winston: here('winston'),
    'OpenTelemetry SDK': here('@opentelemetry/sdk-trace-base')
  }
  const samples = Object.fromEntries(Object.keys(modules).map((name) => [name, []]))
  for (let round = 0; round < (quick ? 5 : 20); round++) {
    for (const [name, url] of Object.entries(modules)) samples[name].push(await importOnce(url))
  }
  const rows = Object.entries(samples).map(([name, list]) => [name, showSpread(spread(list))])
  const cost = ({ nfo, empty }) => spread(nfo).median - spread(empty).median
  const promises = [promise('importing nfo, over an empty module', 'atMost', 5, ' ms', cost)]
  const results = { node: { nfo: samples.nfo, empty: samples['an empty module'] } }
  return [targetTable(promises, results), table([['module', 'ms (least..most)'], ...rows])]
}

async function importOnce(url) {
  const { ms } = await ask('node', '_import-child.mjs', { entry: url })
  return ms
}
