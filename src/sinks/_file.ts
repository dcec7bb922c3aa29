import { runtime } from '../runtimes/generic.ts'
import type { FileSystem } from '../runtimes/types.ts'

/** Something of the user's that takes text. Whole lines, synchronously or with a promise; nfo neither flushes nor closes it. */
export type Writer = ((text: string) => unknown) | { write(text: string): unknown }

/** Where the text of a format goes: a file, standard output or a writer. */
export interface Target {
  /** Takes whole lines, each with its newline. */
  write(text: string): void | Promise<void>
  flush(): void
  close(): void
}

/** The target for a path, `'-'` (standard output) or a writer; `part` names the sink in errors. */
export function openTarget(to: string | Writer, part: string): Target {
  if (typeof to === 'function') return writerTarget((text) => to(text))
  if (typeof to !== 'string') return writerTarget((text) => to.write(text))
  return to === '-' ? writerTarget((text) => runtime.print('stdout', text.slice(0, -1))) : fileTarget(to, part)
}

function writerTarget(write: (text: string) => unknown): Target {
  return {
    write(text) {
      const result = write(text) as Promise<void> | undefined
      if (typeof result?.then === 'function') return result
    },
    flush() {},
    close() {}
  }
}

/**
 * Appends to a file, which it opens, with its folder, at the first write. A batch is one write of whole lines. After a failure
 * the file is opened anew at the next batch, so a disk that comes back is used; what was written of the failed batch stays,
 * nothing is written twice, and a line that was torn, then or by another process, stands alone.
 */
function fileTarget(path: string, part: string): Target {
  const utf8 = new TextEncoder()
  let fd: number | undefined
  let closed = false

  function release(): void {
    const opened = fd
    fd = undefined
    if (opened !== undefined) files(part, path).closeSync(opened)
  }

  return {
    write(text) {
      if (closed) throw new Error(`[nfo] [${part}] cannot write ${path}: it is closed; write before close()`)
      const fs = files(part, path)
      const fresh = fd === undefined
      fd ??= open(fs, path, part)
      try {
        writeAll(fs, fd, utf8.encode(fresh && endsTorn(fs, path, fd) ? `\n${text}` : text))
      } catch (error) {
        try {
          release()
        } catch {}
        throw failure(part, 'write', path, error)
      }
    },
    flush() {
      try {
        if (fd !== undefined) files(part, path).fsyncSync(fd)
      } catch (error) {
        // What is no file on a disk, such as a pipe, cannot be synced and need not be.
        if ((error as { code?: string }).code !== 'EINVAL') throw failure(part, 'sync', path, error)
      }
    },
    close() {
      closed = true
      release()
    }
  }
}

function files(part: string, path: string): FileSystem {
  if (runtime.fs) return runtime.fs
  throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; pass a writer, or '-' to print`)
}

function open(fs: FileSystem, path: string, part: string): number {
  try {
    return fs.openSync(path, 'a')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw failure(part, 'open', path, error)
  }
  try {
    fs.mkdirSync(path.replace(/[\\/][^\\/]*$/, ''), { recursive: true })
    return fs.openSync(path, 'a')
  } catch (error) {
    throw failure(part, 'open', path, error)
  }
}

// Where the file may not be read, an empty line too many does less harm than two lines run together.
function endsTorn(fs: FileSystem, path: string, fd: number): boolean {
  const { size } = fs.fstatSync(fd)
  if (size === 0) return false
  const last = new Uint8Array(1)
  try {
    const reader = fs.openSync(path, 'r')
    try {
      fs.readSync(reader, last, 0, 1, size - 1)
    } finally {
      fs.closeSync(reader)
    }
  } catch {}
  return last[0] !== 10
}

function writeAll(fs: FileSystem, fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const written = fs.writeSync(fd, bytes, done, bytes.length - done)
    if (written === 0) throw new Error('nothing could be written')
    done += written
  }
}

function failure(part: string, what: 'open' | 'write' | 'sync', path: string, error: unknown): Error {
  const { name, code, message } = error as Error & { code?: string }
  let fix = what === 'open' ? 'check the path and its permissions' : 'check the disk; the next batch is tried again'
  if (name === 'NotCapable') fix = `run Deno with --allow-write=${path}`
  if (code === 'EISDIR') fix = 'name a file, not a folder'
  return new Error(`[nfo] [${part}] cannot ${what} ${path}: ${message}; ${fix}`, { cause: error })
}
