import type { Sink } from '../core/types.ts'
import { csvHeader, toCsv } from '../formats/csv.ts'
import { type FileOptions, openTarget, type Writer } from './_file.ts'

export type { FileOptions, Writer } from './_file.ts'

export interface CsvOptions extends FileOptions {}

/**
 * Writes CSV (RFC 4180, CRLF) to a file, to standard output (`'-'`) or to a writer, the header once. Columns are those of the
 * table `logs`; a cell that a spreadsheet would run as a formula gets a `'` in front (see `formats/csv`). Files are kept as
 * by `jsonSink`; a record that was torn, within quotes too, stands alone. What `write` throws is the file's error.
 *
 * @example
 *     configure({ sinks: [csvSink('logs/app.csv')] })
 */
export function csvSink(to: string | Writer, options: CsvOptions = {}): Sink {
  const target = openTarget(to, { ...options, part: 'csv', head: `${csvHeader}\r\n`, quoted: true })
  return { ...target, write: (entries) => target.write(entries.map((entry) => `${toCsv(entry)}\r\n`)) }
}
