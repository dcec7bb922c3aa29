import type { Sink } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { type FileOptions, openTarget, type Writer } from './_file.ts'

export type { FileOptions, Writer } from './_file.ts'

export interface JsonOptions extends FileOptions {}

/**
 * Writes JSON lines to a file, to standard output (`'-'`) or to a writer. A file is opened at the first batch, its folder is
 * made, lines are appended and never run into a torn one; it is bounded by `maxBytes`, `every` and `keep`. Others may move,
 * delete or truncate it at any time, and several processes may share it. Nothing is buffered: `flush` only waits for the disk
 * (fsync). `write` throws when the file cannot be opened or written, and tries again at the next batch; a rotation that fails
 * is said once on stderr and tried again after ten seconds. A writer should be synchronous, or what is written on the way out
 * of a process may be lost; it stays open. Throws when an option makes no sense.
 *
 * @example
 *     configure({ sinks: [jsonSink('logs/app.jsonl', { maxBytes: 10_000_000, keep: 5, gzip: true })] })
 */
export function jsonSink(to: string | Writer, options: JsonOptions = {}): Sink {
  const target = openTarget(to, { ...options, part: 'json' })
  return { ...target, write: (entries) => target.write(entries.map((entry) => `${toJson(entry)}\n`)) }
}
