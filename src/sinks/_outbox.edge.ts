import type { Outbox } from './_outbox.ts'

/** Where there are no files. */
export function openOutbox(part: string, path: string): Outbox {
  throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; leave out spool`)
}
