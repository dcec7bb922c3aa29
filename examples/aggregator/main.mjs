/** Many Workers, one queue, one Durable Object: all of it on this machine. */
import { join } from 'node:path'
import { build } from 'esbuild'
import { Log, LogLevel, Miniflare } from 'miniflare'

async function worker(name, options) {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, `${name}.mjs`)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'import'],
    external: ['node:*', 'cloudflare:*'],
    logLevel: 'error'
  })
  const modules = [{ type: 'ESModule', path: `${name}.mjs`, contents: outputFiles[0].text }]
  return { name, modules, compatibilityDate: '2026-04-01', compatibilityFlags: ['nodejs_als'], ...options }
}

const miniflare = new Miniflare({
  log: new Log(LogLevel.NONE),
  cf: false,
  workers: await Promise.all([
    worker('collector', {
      queueConsumers: { logs: { maxBatchSize: 100, maxBatchTimeout: 0.2 } },
      durableObjects: { LOGS_STORE: { className: 'Logs', useSQLite: true } }
    }),
    worker('shop', { queueProducers: { LOGS: 'logs' } }),
    worker('mail', { queueProducers: { LOGS: 'logs' } })
  ])
})
const [shop, mail, collector] = await Promise.all(
  ['shop', 'mail', 'collector'].map((name) => miniflare.getWorker(name))
)
const ask = async (path) => (await collector.fetch(`http://logs.example${path}`)).json()

for (const sku of ['tea', 'umbrella', 'cup']) await shop.fetch(`http://shop.example/${sku}`).catch(() => {})
await mail.fetch('http://mail.example/')

// Six entries of the shop and two of the mail; a queue takes its time.
for (let turn = 0; turn < 100 && (await ask('/?limit=100')).length < 8; turn++) {
  await new Promise((resolve) => setTimeout(resolve, 100))
}
for (const { functionName, args, exception, extra } of await ask('/?errors=1')) {
  console.log(`${extra.worker}: ${functionName}(${args}) failed: ${exception}`)
}
const { calls, errors, functions } = await ask('/stats')
console.log(
  `${calls} calls, ${errors} errors: ${functions
    .map(({ name }) => name)
    .sort()
    .join(', ')}`
)
await miniflare.dispose()
