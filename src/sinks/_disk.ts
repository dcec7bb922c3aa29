import type { FileSystem } from '../runtimes/types.ts'

const NEWLINE = 10
const QUOTE = 34
const PIECE = 65_536
const LOOKS = 3
const PAUSE_MS = 20

export const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code

const AGAIN = 'check the disk; the next batch is tried again'
const LATER = 'check the disk and the folder; it is tried again later'
type Deed = 'open' | 'write' | 'sync' | 'rotate' | 'compress'
const FIXES: Record<Deed, string> = {
  open: 'check the path and its permissions',
  write: AGAIN,
  sync: AGAIN,
  rotate: LATER,
  compress: LATER
}

export function quietly(task: () => void): void {
  try {
    task()
  } catch {}
}

/** An error that says which sink could not do what, and what to do about it. */
export function failure(part: string, what: Deed, path: string, error: unknown): Error {
  const { name, message } = error as Error
  let fix = FIXES[what]
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
 * Creates a file that has its first bytes from the start, so that of several processes one gives it its head. Does nothing
 * when it is there, or where that cannot be done: an empty file gets its head with its first lines.
 */
export function createWith(fs: FileSystem, path: string, bytes: Uint8Array): void {
  const draft = `${path}.${Math.random().toString(36).slice(2)}.tmp`
  let fd: number
  try {
    fs.statSync(path)
    return
  } catch {}
  try {
    fd = fs.openSync(draft, 'wx')
  } catch {
    return
  }
  try {
    try {
      writeAll(fs, fd, bytes)
    } finally {
      fs.closeSync(fd)
    }
    quietly(() => fs.linkSync(draft, path))
  } finally {
    fs.unlinkSync(draft)
  }
}

/** What a file lacks for the next record to stand alone: a line break when it is torn, and a quote when it is torn inside of two. */
export function missingEnd(fs: FileSystem, path: string, fd: number, quoted: boolean): string {
  let missing = ''
  for (let look = 0; look < LOOKS; look++) {
    const { size } = fs.fstatSync(fd)
    missing = endAt(fs, path, size, quoted)
    if (missing === '') break
    // What looks torn may be what another process is just writing.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    if (fs.fstatSync(fd).size === size) break
  }
  return missing
}

function endAt(fs: FileSystem, path: string, size: number, quoted: boolean): string {
  const piece = new Uint8Array(quoted ? PIECE : 1)
  let last = 0
  let isOpen = false
  // Where the file may not be read, an empty line too many does less harm than two lines run together.
  quietly(() => {
    const fd = fs.openSync(path, 'r')
    try {
      for (let at = quoted ? 0 : size - 1; at < size; ) {
        const count = fs.readSync(fd, piece, 0, Math.min(piece.length, size - at), at)
        if (count === 0) break
        for (let index = 0; index < count; index++) if (piece[index] === QUOTE) isOpen = !isOpen
        last = piece[count - 1]
        at += count
      }
    } finally {
      fs.closeSync(fd)
    }
  })
  if (quoted && isOpen) return '"\n'
  return last === NEWLINE ? '' : '\n'
}
