import type { ConfigureOptions } from './configure.ts'
import type { RecordOptions } from './core/options.ts'
import type { Sink } from './core/types.ts'
import type { FileOptions } from './sinks/_file.ts'
import { csvSink } from './sinks/csv.ts'
import { jsonSink } from './sinks/json.ts'
import { markdownSink } from './sinks/markdown.ts'
import { sqliteSink } from './sinks/sqlite.ts'

/** Four files of it at most, the newest included. */
const FILES: FileOptions = { maxBytes: 1_000_000, keep: 3 }
const DATABASE = { maxBytes: 4_000_000 }
const RECORD: Omit<RecordOptions, 'path'> = { size: 262_144, interval: 10_000 }

/**
 * Options of `configure` for a small board: a ring of 32 KiB, short values, and nothing written until a call fails; then the
 * calls before it and the failure, in one go. Specs of files are bounded: `'sqlite:PATH'` to 4 MB, `'json:PATH'`, `'csv:PATH'` and
 * `'md:PATH'` to four files of 1 MB. A record file has 256 KiB and is written every ten seconds, which is what a SIGKILL
 * loses at most. What is given goes before all that.
 *
 * @example
 * configure(embedded({ sinks: ['sqlite:sensor.db'] }))
 */
export function embedded(options: ConfigureOptions = {}): ConfigureOptions {
  const { capture, record, sinks = [] } = options
  const given: Partial<ConfigureOptions> = record === undefined ? {} : { record: recordFile(record) }
  return {
    ring: 32_768,
    queue: 500,
    interval: 60_000,
    delivery: 'on-error',
    ...options,
    ...given,
    capture: { depth: 3, items: 16, string: 256, ...capture },
    sinks: sinks.map((sink) => (typeof sink === 'string' ? bounded(sink) : sink))
  }
}

const recordFile = (record: string | RecordOptions): RecordOptions =>
  typeof record === 'string' ? { ...RECORD, path: record } : { ...RECORD, ...record }

/** The sink of a file, or the spec itself. */
function bounded(spec: string): Sink | string {
  const [, name, path] = /^\s*(\w+):(.+)$/s.exec(spec) ?? []
  if (name === 'sqlite') return sqliteSink(path, DATABASE)
  if (name === 'csv') return csvSink(path, FILES)
  if (name === 'md') return markdownSink(path, FILES)
  return name === 'json' && path !== '-' ? jsonSink(path, FILES) : spec
}
