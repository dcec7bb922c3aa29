import { createDelivery, type Delivery, type WorkerOptions } from './delivery.ts'
import { type EventContext, runEvent } from './event.ts'
import { MODULE } from './hub.ts'
import { describe, KINDS } from './kinds.ts'
import { recordAs } from './recordAs.ts'
import { type EntryClass, wrapDurableObject } from './wrapDurableObject.ts'

type Handler = (event: unknown, env: object, ctx: EventContext, ...rest: unknown[]) => unknown

const HANDLERS = ['fetch', 'scheduled', 'queue', 'email', 'tail']

/**
 * Records the events of a Worker: `fetch`, `scheduled`, `queue`, `email` and `tail` of a handler, or the class of an entry
 * point or Durable Object (see `wrapDurableObject`). Each event is a call with a trace of its own, or that of the request's
 * `traceparent`; what is recorded in it has `method`, `path` and `colo` in `extra`, the event itself `status`. All of it goes to
 * the sinks by `ctx.waitUntil` after the response, also when the handler throws. The handler is changed in place and given
 * back; results and errors are its own. Throws for options that cannot be meant; a sink that fails is one line on stderr.
 *
 * @example
 *     export default wrapWorker({ fetch: async (request, env) => new Response('hello') }, { sinks: [d1Sink('DB')] })
 */
export function wrapWorker<Worker extends object>(worker: Worker, options: WorkerOptions<Worker>): Worker {
  if (typeof worker === 'function')
    return wrapDurableObject(worker as EntryClass, options as unknown as WorkerOptions<EntryClass>) as Worker
  const delivery = createDelivery(options)
  // A namespace or a frozen object stays as it is.
  const target = Object.isExtensible(worker) ? worker : Object.create(worker)
  for (const kind of HANDLERS) {
    const handler = (worker as Record<string, unknown>)[kind]
    if (typeof handler !== 'function') continue
    const value = wrapHandler(kind, handler as Handler, worker, delivery)
    Object.defineProperty(target, kind, { value, configurable: true, enumerable: true, writable: true })
  }
  return target
}

function wrapHandler(name: string, handler: Handler, worker: object, delivery: Delivery): Handler {
  const kind = KINDS[name]
  const record = recordAs(delivery.ring, { name, module: MODULE, params: kind.params, level: 'info' })
  const tell = kind.tell ?? (() => undefined)
  return function recorded(event, env, ctx, ...rest) {
    const { args, fields, traceparent } = describe(kind, [event])
    const place = { env, ctx, fields: { ...fields, ...delivery.fields(event, env) }, traceparent }
    return runEvent(delivery, place, () =>
      record(args, tell, () => Reflect.apply(handler, worker, [event, env, ctx, ...rest]))
    )
  }
}
