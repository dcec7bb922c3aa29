/** Another one. */
import { wrap } from 'nfo'
import { queueSink, wrapWorker } from 'nfo/workers'

const send = wrap(async (to, subject) => ({ to, subject, length: subject.length }), 'send')

const worker = { fetch: async () => Response.json(await send('ann', 'your order')) }

export default wrapWorker(worker, { sinks: [queueSink('LOGS')], fields: () => ({ worker: 'mail' }) })
