import type { DriverOptions, SqlDriver } from './types.ts'

/** Where there are no files. */
export function openFile(path: string, { part }: DriverOptions): SqlDriver {
  throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; pass a handle`)
}

/** What has no files has no SQLite of its own. */
export function openNativeHandle(): undefined {}
