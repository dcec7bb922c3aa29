/** One of many Workers that send what they record to one queue. */
import { wrap } from 'nfo'
import { queueSink, wrapWorker } from 'nfo/workers'

const sell = wrap((sku) => {
  if (sku === 'umbrella') throw new Error('sold out')
  return `sold ${sku}`
}, 'sell')

const worker = { fetch: async (request) => new Response(sell(new URL(request.url).pathname.slice(1))) }

export default wrapWorker(worker, { sinks: [queueSink('LOGS')], fields: () => ({ worker: 'shop' }) })
