import type { Sink } from '../core/types.ts'
import { type D1Database, d1 } from '../drivers/d1.ts'
import { prepareSchema } from '../store/schema.ts'
import { type EventSink, onBinding } from './_binding.ts'
import { rowSink } from './_rows.ts'

// Databases whose table is there. Nothing of a request is kept: no promise, no statement.
const prepared = /* @__PURE__ */ new WeakSet<object>()

/**
 * Writes entries to the table `logs` of a D1 database, the one that `sqliteSink` writes, with nothing but D1 in the bundle.
 * `to` is the binding (`env.DB`) or its name. A batch is one request and one transaction; each 300,000 characters of it are
 * one query, whatever the number of entries. The table and its indices are made once. `write` rejects when the batch was not
 * stored. For caps on rows and age use `sqliteSink(env.DB, { maxRows })`.
 *
 * @example
 *     export default wrapWorker(handler, { sinks: [d1Sink('DB')] })
 */
export function d1Sink(to: string): EventSink
export function d1Sink(to: D1Database): Sink
export function d1Sink(to: D1Database | string): Sink | EventSink {
  return onBinding('d1', to, (database) => {
    const prepare = prepared.has(database) ? undefined : prepareSchema
    const { write } = rowSink('d1', d1(database, { part: 'd1', prepare }))
    return {
      async write(entries) {
        // Somebody may have dropped the table: after a failure it is looked for.
        prepared.delete(database)
        await write(entries)
        prepared.add(database)
      }
    }
  })
}
