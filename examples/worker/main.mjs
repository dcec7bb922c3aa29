/** Runs the shop on this machine, in the runtime that Cloudflare runs, and asks its database what happened. */
import { join } from 'node:path'
import { build } from 'esbuild'
import { Log, LogLevel, Miniflare } from 'miniflare'

const { outputFiles } = await build({
  entryPoints: [join(import.meta.dirname, 'worker.mjs')],
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  conditions: ['workerd', 'import'],
  external: ['node:*'],
  logLevel: 'error'
})
const miniflare = new Miniflare({
  log: new Log(LogLevel.NONE),
  modules: [{ type: 'ESModule', path: 'worker.mjs', contents: outputFiles[0].text }],
  compatibilityDate: '2026-04-01',
  compatibilityFlags: ['nodejs_als'],
  cf: { colo: 'AMS' },
  d1Databases: ['DB'],
  kvNamespaces: ['CACHE']
})

const get = (path) => miniflare.dispatchFetch(`http://shop.example${path}`)
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const database = await miniflare.getD1Database('DB')

/** The sinks write after the response: waits until they have. */
async function written(count) {
  for (let turn = 0; turn < 100; turn++) {
    const row = await database
      .prepare('SELECT count(*) AS count FROM logs')
      .first()
      .catch(() => undefined)
    if (row?.count >= count) return
    await pause(50)
  }
}

console.log(await (await get('/tea')).text())
console.log((await get('/umbrella')).status)
await written(12)
console.log(await (await get('/errors')).text())
await (await miniflare.getWorker()).scheduled({ cron: '0 5 * * *' })
console.log(await (await get('/umbrella')).text())
await written(20)

const { results } = await database
  .prepare(`SELECT function_name, level, args, extra->>'$.path' AS path, extra->>'$.status' AS status,
    extra->>'$.colo' AS colo, (SELECT function_name FROM logs AS other WHERE other.span_id = logs.parent_id) AS caller
    FROM logs ORDER BY timestamp, sequence`)
  .all()
for (const { function_name: name, level, args, path, status, colo, caller } of results) {
  console.log([path ?? '-', colo ?? '-', level, caller ? `${caller} >` : '', name, args, status ?? ''].join(' '))
}
await miniflare.dispose()
