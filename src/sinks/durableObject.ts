import type { Sink } from '../core/types.ts'
import { type DurableObjectStorage, durableObject } from '../drivers/durableObject.ts'
import { prepareSchema } from '../store/schema.ts'
import type { EventSink } from './_binding.ts'
import { rowSink } from './_rows.ts'

const sinks = /* @__PURE__ */ new WeakMap<object, Sink>()

function sinkFor(storage: DurableObjectStorage): Sink {
  const known = sinks.get(storage)
  if (known) return known
  const sink = rowSink('durableObject', durableObject(storage, { part: 'durableObject', prepare: prepareSchema }))
  sinks.set(storage, sink)
  return sink
}

/**
 * Writes entries to the table `logs` in the SQLite storage of a Durable Object, at once. `storage` is its `ctx.storage`;
 * without it, that of the object whose event is recorded. The class has to have SQLite (`new_sqlite_classes`). `write` throws
 * when the batch was not stored.
 *
 * @example
 *     export const Counter = wrapDurableObject(CounterObject, { sinks: [durableObjectSink()] })
 */
export function durableObjectSink(): EventSink
export function durableObjectSink(storage: DurableObjectStorage): Sink
export function durableObjectSink(storage?: DurableObjectStorage): Sink | EventSink {
  if (storage) return sinkFor(storage)
  return (_, ctx) => {
    const own = (ctx as { storage?: DurableObjectStorage }).storage
    if (own?.sql) return sinkFor(own)
    throw new Error('[nfo] [durableObject] this event has no SQLite storage; use the sink in a Durable Object that has')
  }
}
