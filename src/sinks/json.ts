import type { Sink } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { openTarget, type Writer } from './_file.ts'

export type { Writer } from './_file.ts'

export interface JsonOptions {
  /** Whether `flushSync`, which runs on the way out of a process, waits for the disk like `flush` does. @default false */
  fsync?: boolean
}

/**
 * Writes JSON lines to a file, to standard output (`'-'`) or to a writer. A file is opened at the first batch, its folder is
 * made, lines are appended and never run into a torn one. Nothing is buffered: `flush` only waits for the disk (fsync).
 * `write` throws when the file cannot be opened or written, and tries again at the next batch. A writer should be synchronous,
 * or what is written on the way out of a process may be lost; it stays open.
 *
 * @example
 *     configure({ sinks: [jsonSink('logs/app.jsonl')] })
 */
export function jsonSink(to: string | Writer, { fsync = false }: JsonOptions = {}): Sink {
  const target = openTarget(to, 'json')
  return {
    write(entries) {
      if (entries.length > 0) return target.write(`${entries.map(toJson).join('\n')}\n`)
    },
    flush: target.flush,
    flushSync() {
      if (fsync) target.flush()
    },
    close: target.close
  }
}
