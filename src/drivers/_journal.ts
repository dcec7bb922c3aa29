import { runtime } from '../runtimes/generic.ts'
import { type Blocks, createPen, newId, parseJournal } from './_journalBlocks.ts'
import { type Files, ifThere, readAll, syncFolder, writeAll } from './_journalFiles.ts'
import type { Statement } from './types.ts'

/** Transactions in a file, each there as a whole or not at all. */
export interface Journal {
  readonly id: number
  readonly size: number
  /** Throws when it cannot be written, and then holds what it held before. */
  append(statements: readonly Statement[]): void
  /** Waits for the disk. */
  sync(): void
  read(): Blocks
  /** Begins anew, empty, with another identity. */
  restart(): void
  /** Closes the file, and deletes it unless it is still needed. */
  close(keep: boolean): void
}

/**
 * The journal at that path, its torn end cut off. There is no file before the first transaction; who may not read the file
 * at `like` may not read the journal either.
 */
export function openJournal(fs: Files, path: string, like: string): Journal {
  const pen = createPen()
  let fd = ifThere(() => fs.openSync(path, 'r+'))
  let { id, size } = fd === undefined ? { id: newId(), size: 0 } : cutTorn(fs, fd, path)
  let unsynced = false
  let syncDue = 0
  let cancel: (() => void) | undefined

  function create(): number {
    const created = fs.openSync(path, 'w+')
    const mode = ifThere(() => fs.statSync(like).mode)
    if (mode !== undefined) fs.chmodSync(path, mode & 0o777)
    syncFolder(fs, path)
    return created
  }

  function sync(): void {
    cancel?.()
    cancel = undefined
    if (!unsynced || fd === undefined) return
    const start = performance.now()
    fs.fsyncSync(fd)
    const end = performance.now()
    syncDue = end + 9 * (end - start)
    unsynced = false
  }

  /** At most a tenth of the time goes into waiting for the disk. */
  function syncSoon(): void {
    unsynced = true
    const wait = syncDue - performance.now()
    if (wait <= 0) return sync()
    cancel ??= runtime.later(() => {
      try {
        sync()
      } catch {}
    }, wait)
  }

  return {
    get id() {
      return id
    },
    get size() {
      return size
    },
    append(statements) {
      const bytes = pen.write(statements, id, size)
      fd ??= create()
      try {
        writeAll(fs, fd, bytes, size)
        syncSoon()
      } catch (error) {
        try {
          fs.ftruncateSync(fd, size)
        } catch {}
        throw error
      }
      size += bytes.length
    },
    sync,
    read() {
      return fd === undefined ? parseJournal(new Uint8Array(0), path) : parseJournal(readAll(fs, fd, size), path)
    },
    restart() {
      if (fd !== undefined) fs.ftruncateSync(fd, 0)
      size = 0
      id = newId()
    },
    close(keep) {
      cancel?.()
      if (fd === undefined) return
      try {
        if (keep) sync()
      } finally {
        fs.closeSync(fd)
        fd = undefined
      }
      if (!keep) fs.unlinkSync(path)
    }
  }
}

/** What a journal holds that somebody else may be writing; nothing when there is none. */
export function readJournal(fs: Files, path: string): Blocks {
  const fd = ifThere(() => fs.openSync(path, 'r'))
  if (fd === undefined) return parseJournal(new Uint8Array(0), path)
  try {
    return parseJournal(readAll(fs, fd), path)
  } finally {
    fs.closeSync(fd)
  }
}

function cutTorn(fs: Files, fd: number, path: string): { id: number; size: number } {
  try {
    const bytes = readAll(fs, fd)
    const { id, size } = parseJournal(bytes, path)
    if (size < bytes.length) fs.ftruncateSync(fd, size)
    return { id, size }
  } catch (error) {
    fs.closeSync(fd)
    throw error
  }
}
