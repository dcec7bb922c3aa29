import type { Sink } from '../core/types.ts'
import { markdownHead, toMarkdown } from '../formats/markdown.ts'
import { type FileOptions, openTarget, type Writer } from './_file.ts'

export type { FileOptions, Writer } from './_file.ts'

export interface MarkdownOptions extends FileOptions {}

/**
 * Writes a section of Markdown an entry to a file, to standard output (`'-'`) or to a writer; a new file begins with `# Logs`.
 * It is for reading, not for reading back: long values are cut, and data is never markup (see `formats/markdown`). Files are
 * kept as by `jsonSink`. What `write` throws is the file's error.
 *
 * @example
 *     configure({ sinks: [markdownSink('logs/app.md')] })
 */
export function markdownSink(to: string | Writer, options: MarkdownOptions = {}): Sink {
  const target = openTarget(to, { ...options, part: 'markdown', head: markdownHead })
  return { ...target, write: (entries) => target.write(entries.map((entry) => `${toMarkdown(entry)}\n\n`)) }
}
