import type { Entry, Sink } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { type EventSink, onBinding } from './_binding.ts'

/** The few members of a KV namespace that nfo uses. */
export interface KvBinding {
  put(key: string, value: string, options: { expirationTtl?: number; metadata: object }): Promise<void>
}

export interface KvOptions {
  /** Where the last crash is kept. @default 'nfo:last-crash' */
  key?: string
  /** Entries before the failure, itself included. @default 100 */
  entries?: number
  /** Seconds after which KV forgets it, 60 at least. @default never */
  ttl?: number
}

// KV takes one write a second to a key; by namespace and key, when the last one was.
const lastWrites = /* @__PURE__ */ new WeakMap<object, Map<string, number>>()
const PAUSE = 1000

/**
 * Keeps the last crash in KV: when a batch holds an error, the entries up to it are put under one key, as JSON lines, with
 * its function, message and time as metadata. What comes within a second of the last write is left out, as KV takes no more.
 * `to` is the binding or its name. `write` rejects when KV refused.
 *
 * @example
 *     export default wrapWorker(handler, { sinks: [d1Sink('DB'), kvSink('STATE', { ttl: 86_400 })] })
 */
export function kvSink(to: string, options?: KvOptions): EventSink
export function kvSink(to: KvBinding, options?: KvOptions): Sink
export function kvSink(to: KvBinding | string, options: KvOptions = {}): Sink | EventSink {
  const { key = 'nfo:last-crash', entries: most = 100, ttl } = options
  return onBinding('kv', to, (namespace) => ({
    write(entries) {
      const at = entries.findLastIndex(isFailure)
      if (at < 0 || !isDue(namespace, key)) return
      const { functionName, exception, args, timestamp } = entries[at]
      const metadata = {
        functionName: functionName.slice(0, 100),
        message: String(exception ?? args[0]).slice(0, 200),
        timestamp
      }
      const lines = entries.slice(Math.max(0, at + 1 - most), at + 1).map((entry) => `${toJson(entry)}\n`)
      return namespace.put(key, lines.join(''), { ...(ttl && { expirationTtl: ttl }), metadata })
    }
  }))
}

const isFailure = ({ level }: Entry): boolean => level === 'error' || level === 'fatal'

function isDue(namespace: object, key: string): boolean {
  const times = lastWrites.get(namespace) ?? new Map<string, number>()
  const now = Date.now()
  if (now - (times.get(key) ?? Number.NEGATIVE_INFINITY) < PAUSE) return false
  lastWrites.set(namespace, times.set(key, now))
  return true
}
