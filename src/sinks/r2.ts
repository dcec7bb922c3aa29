import type { Entry, Sink } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { type EventSink, onBinding } from './_binding.ts'

/** The few members of an R2 bucket's binding that nfo uses. */
export interface R2Binding {
  put(key: string, value: string | ArrayBuffer, options: { httpMetadata: { contentType: string } }): Promise<unknown>
}

export interface R2Options {
  /** What the keys begin with. @default 'logs/' */
  prefix?: string
  /** Whether objects are compressed: `.jsonl.gz`. @default false */
  gzip?: boolean
}

/**
 * Writes entries to an R2 bucket. A batch is an object of JSON lines, in a folder by the hour (UTC):
 * `logs/2026-11-23/07/070501123-1f0c9a2e.jsonl`. Objects cannot grow, so there is one a batch; entries of two hours make two.
 * `to` is the binding or its name. `write` rejects when the bucket refused an object.
 *
 * @example
 *     export default wrapWorker(handler, { sinks: [r2Sink('LOGS', { gzip: true })] })
 */
export function r2Sink(to: string, options?: R2Options): EventSink
export function r2Sink(to: R2Binding, options?: R2Options): Sink
export function r2Sink(to: R2Binding | string, { prefix = 'logs/', gzip = false }: R2Options = {}): Sink | EventSink {
  const ending = gzip ? '.jsonl.gz' : '.jsonl'
  const httpMetadata = { contentType: gzip ? 'application/gzip' : 'application/x-ndjson' }
  return onBinding('r2', to, (bucket) => ({
    async write(entries) {
      for (const [hour, part] of byHour(entries)) {
        const text = part.map((entry) => `${toJson(entry)}\n`).join('')
        const key = `${prefix}${hour}/${unique(part[0])}${ending}`
        await bucket.put(key, gzip ? await gzipped(text) : text, { httpMetadata })
      }
    }
  }))
}

/** By folders such as `2026-11-23/07`. */
function byHour(entries: readonly Entry[]): Map<string, Entry[]> {
  const hours = new Map<string, Entry[]>()
  for (const entry of entries) {
    const hour = new Date(entry.timestamp).toISOString().slice(0, 13).replace('T', '/')
    const part = hours.get(hour)
    if (part) part.push(entry)
    else hours.set(hour, [entry])
  }
  return hours
}

/** Sorted by the time of the first entry; chance sets batches of one millisecond apart. */
function unique({ timestamp }: Entry): string {
  const time = new Date(timestamp).toISOString().slice(11, 23).replace(/\D/g, '')
  return `${time}-${crypto.randomUUID().slice(0, 8)}`
}

const gzipped = (text: string): Promise<ArrayBuffer> =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
