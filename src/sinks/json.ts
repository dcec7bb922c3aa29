import type { Sink } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { type FileOptions, openTarget, type Writer } from './_file.ts'

export type { FileOptions, Writer } from './_file.ts'

export interface JsonOptions extends FileOptions {}

/**
 * Writes JSON lines to a file, to standard output (`'-'`) or to a writer. A file is opened at the first batch, its folder is
 * made, lines are appended and never run into a torn one. Nothing is buffered: `flush` only waits for the disk (fsync).
 * `write` throws when the file cannot be opened or written, and tries again at the next batch. A writer should be synchronous,
 * or what is written on the way out of a process may be lost; it stays open.
 *
 * @example
 *     configure({ sinks: [jsonSink('logs/app.jsonl')] })
 */
export function jsonSink(to: string | Writer, options: JsonOptions = {}): Sink {
  const target = openTarget(to, { ...options, part: 'json' })
  return { ...target, write: (entries) => target.write(entries.map((entry) => `${toJson(entry)}\n`)) }
}
