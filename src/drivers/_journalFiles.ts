import { runtime } from '../runtimes/generic.ts'
import type { FileSystem } from '../runtimes/types.ts'

/** What these drivers need of `node:fs` besides. */
export interface Files extends FileSystem {
  chmodSync(path: string, mode: number): void
  realpathSync(path: string): string
}

export function filesFor(part: string, path: string): Files {
  if (runtime.fs) return runtime.fs as Files
  throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; pass a database handle`)
}

export const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code

/** The error of an operation on a file, with what to do about it. */
export function failure(part: string, what: string, path: string, error: unknown): Error {
  const { name, message } = error as Error
  if (message.startsWith('[nfo] ')) return error as Error
  const code = codeOf(error)
  // Errors of nfo itself have no code, and say how already.
  let fix = code?.startsWith('E') ? '; check the path, its permissions and the disk' : ''
  if (name === 'NotCapable') fix = '; run Deno with --allow-read and --allow-write for its folder'
  if (code === 'ENOSPC')
    fix = what === 'write' ? '; free some space, the next batch is tried again' : '; free some space'
  return new Error(`[nfo] [${part}] cannot ${what} ${path}: ${message}${fix}`, { cause: error })
}

/** The result, or undefined when there is no such file. */
export function ifThere<Result>(use: () => Result): Result | undefined {
  try {
    return use()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

export function writeAll(fs: Files, fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = fs.writeSync(fd, bytes, done, bytes.length - done, position + done)
    if (written === 0) throw new Error('nothing could be written')
    done += written
  }
}

/** What an open file holds. */
export function readAll(fs: Files, fd: number, size: number = fs.fstatSync(fd).size): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  for (let done = 0; done < size; ) {
    const taken = fs.readSync(fd, bytes, done, size - done, done)
    if (taken === 0) return bytes.slice(0, done)
    done += taken
  }
  return bytes
}

/** Makes new names durable. Where a folder cannot be opened (Windows), they are by themselves. */
export function syncFolder(fs: Files, path: string): void {
  try {
    const fd = fs.openSync(folderOf(path), 'r')
    try {
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  } catch {}
}

export const folderOf = (path: string): string => path.replace(/[^\\/]*$/, '').replace(/(.)[\\/]$/, '$1') || '.'
