import type { Spool } from './_spool.ts'

/** Where there are no files. */
export function openSpool(path: string, part: string): Spool {
  throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; leave out spool`)
}
