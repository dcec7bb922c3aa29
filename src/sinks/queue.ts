import type { Entry, Sink } from '../core/types.ts'
import { fromJson } from '../formats/json.ts'
import { type EventSink, onBinding } from './_binding.ts'
import { limited } from './_limited.ts'
import { lineBytes, pieces } from './_lines.ts'

interface Message {
  readonly body: string
  readonly contentType: 'text'
}

/** The few members of a queue's binding that nfo uses. */
export interface QueueBinding {
  sendBatch(messages: Message[]): Promise<unknown>
}

export interface QueueOptions {
  /** Requests in one invocation at most, each of about 240 KB; what is more is left out, and the last entry says how much. @default 10 */
  requests?: number
}

// A queue takes 128,000 bytes a message, of which it needs about 100 itself; 100 messages and 256,000 bytes a request.
const MESSAGE = 120_000
const REQUEST = 240_000
const MESSAGES = 100

/**
 * Sends entries to a queue, as messages of JSON lines: 128 KB a message, 100 messages and 256 KB a request. `to` is the
 * binding or its name. `readEntries(message.body)` gives them back in the consumer; a queue may deliver a message twice.
 * `write` rejects when the queue refused a request.
 *
 * @example
 *     export default wrapWorker(handler, { sinks: [queueSink('LOGS')] })
 */
export function queueSink(to: string, options?: QueueOptions): EventSink
export function queueSink(to: QueueBinding, options?: QueueOptions): Sink
export function queueSink(to: QueueBinding | string, { requests = 10 }: QueueOptions = {}): Sink | EventSink {
  const size = (entry: Entry): number => lineBytes(entry)
  return onBinding('queue', to, (queue) =>
    limited({ write: (entries) => send(queue, entries) }, 'queue', { bytes: requests * REQUEST }, size)
  )
}

async function send(queue: QueueBinding, entries: readonly Entry[]): Promise<void> {
  let batch: Message[] = []
  let room = REQUEST
  for (const { text, bytes } of pieces(entries, MESSAGE)) {
    if (bytes > room || batch.length === MESSAGES) {
      await queue.sendBatch(batch)
      batch = []
      room = REQUEST
    }
    batch.push({ body: text, contentType: 'text' })
    room -= bytes
  }
  if (batch.length > 0) await queue.sendBatch(batch)
}

/**
 * The entries of a message by `queueSink`, or of an object by `r2Sink`. Throws when it is not JSON lines.
 *
 * @example
 *     for (const { body } of batch.messages) await sink.write(readEntries(body))
 */
export function readEntries(body: unknown): Entry[] {
  return String(body).split('\n').filter(Boolean).map(fromJson)
}
