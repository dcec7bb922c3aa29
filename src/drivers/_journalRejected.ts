import { runtime } from '../runtimes/generic.ts'
import { type Files, writeAll } from './_journalFiles.ts'
import type { Statement } from './types.ts'

/** Keeps a transaction that its database does not take, as a line of JSON for a person to see. */
export function keepRejected(fs: Files, path: string, part: string, statements: Statement[], error: Error): void {
  const place = `${path}-nfo.rejected`
  const fd = fs.openSync(place, 'a')
  try {
    writeAll(fs, fd, new TextEncoder().encode(`${JSON.stringify(statements)}\n`), fs.fstatSync(fd).size)
  } finally {
    fs.closeSync(fd)
  }
  const what = `${path} does not take a transaction of its journal (${error.message})`
  runtime.print('stderr', `[nfo] [${part}] ${what}; it is now in ${place}`)
}
