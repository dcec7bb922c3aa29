/** A shop: each request is an entry, with all it called below it, in the table `logs` of its database. */
import { getLogger, wrap } from 'nfo'
import { openStore } from 'nfo/store'
import { d1Sink, kvSink, wrapBindings, wrapWorker } from 'nfo/workers'

const prices = wrap((text) => JSON.parse(text), 'prices')

const priceOf = wrap((list, sku) => {
  if (!(sku in list)) throw new RangeError(`no ${sku} here`)
  return list[sku]
}, 'priceOf')

async function sell(sku, { CACHE, ctx }) {
  const list = prices((await CACHE.get('prices')) ?? '{"tea":4,"cup":9}')
  const price = priceOf(list, sku)
  // The response does not wait for this, and what it records is there all the same.
  ctx.waitUntil(CACHE.put(`sold:${sku}`, String(Date.now())))
  getLogger().info('sold', { sku, price })
  return Response.json({ sku, price })
}

/** What the last hour's errors were, out of the same table. */
async function errors(database) {
  const store = openStore(database)
  const lines = []
  for await (const { functionName, exception, extra } of store.query({ errors: true, last: '1h' })) {
    lines.push(`${extra.method} ${extra.path}: ${functionName} failed, ${exception}`)
  }
  return new Response(lines.join('\n'))
}

const worker = {
  async fetch(request, env, ctx) {
    const { CACHE } = wrapBindings(env)
    const { pathname } = new URL(request.url)
    return pathname === '/errors' ? errors(env.DB) : sell(pathname.slice(1), { CACHE, ctx })
  },
  async scheduled(_, env) {
    await wrapBindings(env).CACHE.put('prices', '{"tea":5,"cup":9,"umbrella":20}')
  }
}

export default wrapWorker(worker, {
  sinks: [d1Sink('DB'), kvSink('CACHE', { ttl: 86_400 })],
  fields: (event) => ({ route: 'url' in event ? '/:sku' : 'cron' })
})
