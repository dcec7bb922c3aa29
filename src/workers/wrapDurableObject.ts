import { currentTraceparent } from '../context.ts'
import { wrap } from '../core/wrap.ts'
import { createDelivery, type Delivery, type WorkerOptions } from './delivery.ts'
import { type EventContext, runEvent } from './event.ts'
import { MODULE } from './hub.ts'
import { describe, KINDS } from './kinds.ts'
import { recordAs } from './recordAs.ts'

/** A class that the runtime constructs: a Durable Object's, an entry point's. */
export type EntryClass = new (ctx: never, env: never) => object

type Method = (this: object, ...args: unknown[]) => unknown
type Place = readonly [ctx: EventContext, env: object]

/**
 * Records the events of a Durable Object, or of a `WorkerEntrypoint`: `fetch`, `alarm`, the WebSocket handlers, and every
 * method that is called by RPC. What an event's methods call on their own object are calls inside that event. Gives a
 * subclass: names, statics and types are those of the class. Methods that begin with `_` and those of the runtime's own base
 * class stay as they are. Options, traces and delivery are those of `wrapWorker`.
 *
 * @example
 *     export const Counter = wrapDurableObject(CounterObject, { sinks: [durableObjectSink()] })
 */
export function wrapDurableObject<Class extends EntryClass>(Class: Class, options: WorkerOptions<Class>): Class {
  if (typeof Class !== 'function')
    throw new TypeError(`[nfo] [workers] expected a class, got ${typeof Class}; for a handler use wrapWorker`)
  const delivery = createDelivery(options)
  const places = new WeakMap<object, Place>()
  const Base = Class as unknown as new (...args: unknown[]) => object
  class Recorded extends Base {
    constructor(...args: unknown[]) {
      super(...args)
      places.set(this, args as unknown as Place)
    }
  }
  Object.defineProperty(Recorded, 'name', { value: Class.name })
  for (const [key, method] of methodsOf(Class.prototype)) {
    const value = wrapMethod(key, method, Class.name, delivery, places)
    Object.defineProperty(Recorded.prototype, key, { value, configurable: true, writable: true })
  }
  return Recorded as unknown as Class
}

/** Those of the class and of the classes it extends, nearest first. */
function methodsOf(prototype: object): Map<string, Method> {
  const methods = new Map<string, Method>()
  for (let at = prototype; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function' && key !== 'constructor' && !key.startsWith('_') && !methods.has(key))
        methods.set(key, value)
    }
  }
  return methods
}

function wrapMethod(
  key: string,
  method: Method,
  className: string,
  delivery: Delivery,
  places: WeakMap<object, Place>
): Method {
  const { ring } = delivery
  const options = { name: `${className}.${key}`, module: MODULE, level: 'info' } as const
  const kind = KINDS[key]
  const plain = wrap(method, { ...options, logger: { recorder: ring } })
  const record = kind && recordAs(ring, { ...options, params: kind.params })

  return function recorded(...args) {
    const place = places.get(this)
    // Its own method calls it, or its constructor does.
    if (!place || currentTraceparent() !== undefined) return plain.apply(this, args)
    const [ctx, env] = place
    const { fields, traceparent, args: shown } = kind ? describe(kind, args) : { fields: {}, args: [] }
    const own = { env, ctx, fields: { ...fields, ...delivery.fields(args[0], env) }, traceparent }
    return runEvent(delivery, own, () =>
      record ? record(shown, kind.tell ?? (() => undefined), () => method.apply(this, args)) : plain.apply(this, args)
    )
  }
}
