import { runtime } from '../runtimes/generic.ts'
import { appendTarget } from './_append.ts'
import { checkRotation, type RotationOptions } from './_rotate.ts'

/** Something of the user's that takes text. Whole lines, synchronously or with a promise; nfo neither flushes nor closes it. */
export type Writer = ((text: string) => unknown) | { write(text: string): unknown }

/** How a file is written, kept within bounds and brought to the disk. Not for a writer or standard output. */
export interface FileOptions extends RotationOptions {
  /**
   * Whether `flushSync`, which runs on the way out of a process, and rotation wait for the disk like `flush` does.
   * @default false
   */
  fsync?: boolean
}

/** What a format asks of its file. */
export interface TargetOptions extends FileOptions {
  /** Names the sink in errors. */
  part: string
  /** Begins every new or empty file, and what a writer gets. */
  head?: string
  /** Whether line breaks may stand between double quotes: a tail torn in there is closed with a quote first. */
  quoted?: boolean
}

/** Where the text of a format goes: a file, standard output or a writer. */
export interface Target {
  /** Takes whole records, each with the end of its line; none of them is no work. */
  write(lines: readonly string[]): void | Promise<void>
  flush(): void
  flushSync(): void
  close(): void | Promise<void>
}

/** The target for a path, `'-'` (standard output) or a writer. */
export function openTarget(to: string | Writer, options: TargetOptions): Target {
  checkRotation(options)
  if (typeof to === 'function') return writerTarget(options, (text) => to(text))
  if (typeof to !== 'string') return writerTarget(options, (text) => to.write(text))
  return to === '-'
    ? writerTarget(options, (text) => runtime.print('stdout', text.slice(0, -1)))
    : appendTarget(to, options)
}

function writerTarget({ head = '' }: TargetOptions, write: (text: string) => unknown): Target {
  let begin = head
  return {
    write(lines) {
      if (lines.length === 0) return
      const result = write(begin + lines.join('')) as Promise<void> | undefined
      begin = ''
      if (typeof result?.then === 'function') return result
    },
    flush() {},
    flushSync() {},
    close() {}
  }
}
