import type { Target, TargetOptions } from './_file.ts'

/** Where there are no files: every write says so. */
export function appendTarget(path: string, { part }: TargetOptions): Target {
  return {
    write() {
      throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; pass a writer, or '-' to print`)
    },
    flush() {},
    flushSync() {},
    close() {}
  }
}
