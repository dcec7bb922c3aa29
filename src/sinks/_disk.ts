import type { FileStats, FileSystem } from '../runtimes/types.ts'

const NEWLINE = 10
const QUOTE = 34
const PIECE = 65_536
const ATTEMPTS = 9
const PAUSE_MS = 5

export const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code

export function quietly(task: () => void): void {
  try {
    task()
  } catch {}
}

/** An error that says which sink could not do what, and what to do about it. */
export function failure(
  part: string,
  what: 'open' | 'write' | 'sync' | 'rotate' | 'compress',
  path: string,
  error: unknown
): Error {
  const { name, message } = error as Error
  let fix = what === 'open' ? 'check the path and its permissions' : 'check the disk; it is tried again'
  if (codeOf(error) === 'EISDIR') fix = 'name a file, not a folder'
  if (name === 'NotCapable') {
    const [flag = '--allow-write'] = /--allow-\w+/.exec(message) ?? []
    fix = `run Deno with ${flag}=${what === 'rotate' ? folderOf(path) || '.' : path}`
  }
  return new Error(`[nfo] [${part}] cannot ${what} ${path}: ${message}; ${fix}`, { cause: error })
}

/** With its last separator. */
export const folderOf = (path: string): string => path.replace(/[^\\/]*$/, '')

export function writeAll(fs: FileSystem, fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const written = fs.writeSync(fd, bytes, done, bytes.length - done)
    if (written === 0) throw new Error('nothing could be written')
    done += written
  }
}

/**
 * Opens a file to append to it. A new one has its first bytes from the start, so that of several processes one gives it its
 * head; where that cannot be done it is empty.
 */
export function openAppending(fs: FileSystem, path: string, head: Uint8Array): number {
  const { O_WRONLY, O_APPEND } = fs.constants
  // More than once: another process may rotate what it found or made.
  for (let attempt = 0; head.length > 0 && attempt < ATTEMPTS; attempt++) {
    try {
      return fs.openSync(path, O_WRONLY | O_APPEND)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
    if (!createWith(fs, path, head)) break
  }
  return fs.openSync(path, 'a')
}

function createWith(fs: FileSystem, path: string, bytes: Uint8Array): boolean {
  const draft = `${path}.${Math.random().toString(36).slice(2)}.tmp`
  let fd: number
  try {
    fd = fs.openSync(draft, 'wx')
  } catch {
    return false
  }
  try {
    try {
      writeAll(fs, fd, bytes)
    } finally {
      fs.closeSync(fd)
    }
    return isThere(() => fs.linkSync(draft, path))
  } finally {
    fs.unlinkSync(draft)
  }
}

function isThere(create: () => void): boolean {
  try {
    create()
    return true
  } catch (error) {
    return codeOf(error) === 'EEXIST'
  }
}

/** What a file lacks for the next record to stand alone: a line break when it is torn, and a quote when that is inside of two. */
export function missingEnd(fs: FileSystem, path: string, fd: number, quoted: boolean): string {
  const missing = endOf(fs, path, fs.fstatSync(fd), quoted)
  if (missing === '') return missing
  // What looks torn may be what another process is just writing.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
  return endOf(fs, path, fs.fstatSync(fd), quoted)
}

function endOf(fs: FileSystem, path: string, { size, ino }: FileStats, quoted: boolean): string {
  let fd: number
  try {
    fd = fs.openSync(path, 'r')
  } catch (error) {
    // Where the file may not be read, an empty line too many does less harm than two lines run together.
    return codeOf(error) === 'ENOENT' ? '' : '\n'
  }
  try {
    // Another process has moved it, so it has looked after the end.
    if (fs.fstatSync(fd).ino !== ino) return ''
    const [last, isOpen] = scan(fs, fd, quoted ? 0 : size - 1, size)
    if (quoted && isOpen) return '"\n'
    return last === NEWLINE ? '' : '\n'
  } finally {
    fs.closeSync(fd)
  }
}

/** The last byte, and whether the quotes are an odd number. */
function scan(fs: FileSystem, fd: number, from: number, to: number): [last: number, isOpen: boolean] {
  const piece = new Uint8Array(Math.min(PIECE, to - from))
  let last = 0
  let isOpen = false
  for (let at = from; at < to; ) {
    const count = fs.readSync(fd, piece, 0, Math.min(PIECE, to - at), at)
    if (count === 0) break
    for (let index = 0; index < count; index++) if (piece[index] === QUOTE) isOpen = !isOpen
    last = piece[count - 1]
    at += count
  }
  return [last, isOpen]
}
