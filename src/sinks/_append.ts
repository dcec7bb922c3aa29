import { runtime } from '../runtimes/generic.ts'
import type { FileStats, FileSystem } from '../runtimes/types.ts'
import { codeOf, failure, folderOf, missingEnd, openAppending, writeAll } from './_disk.ts'
import type { Target, TargetOptions } from './_file.ts'
import { createRotation } from './_rotate.ts'

// The bit that tells a file from a pipe or a device.
const REGULAR = 0o100000
// Where inodes are not to be relied on, a file never seems to be the one that was opened.
const TRIES = 9

/**
 * Appends to the file that is at the path when a batch comes: others may move, delete or truncate it. A batch is one write of
 * whole lines, or one for each file that it is spread over. After a failure the file is opened anew at the next batch, so a disk
 * that comes back is used; what was written of the failed batch stays, nothing is written twice, and a line that was torn, then
 * or by an earlier process, stands alone.
 */
export function appendTarget(path: string, options: TargetOptions): Target {
  const { part, head = '', quoted = false, fsync = false } = options
  const rotation = createRotation(path, options)
  const utf8 = new TextEncoder()
  const headBytes = utf8.encode(head)
  let fd: number | undefined
  let inode = 0
  let closed = false
  let mayBeTorn = true

  function files(): FileSystem {
    if (runtime.fs) return runtime.fs
    throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; pass a writer, or '-' to print`)
  }

  function release(): void {
    const opened = fd
    fd = undefined
    if (opened !== undefined) files().closeSync(opened)
  }

  function open(fs: FileSystem): FileStats {
    try {
      fd = openAppending(fs, path, headBytes)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      fs.mkdirSync(folderOf(path) || '.', { recursive: true })
      fd = openAppending(fs, path, headBytes)
    }
    const stats = fs.fstatSync(fd)
    inode = stats.ino
    rotation.opened(fs, stats.size > headBytes.length ? stats.mtimeMs : Date.now())
    return stats
  }

  /** What is at the path, or what is open where that may not be asked. */
  function look(fs: FileSystem, opened: number): FileStats | undefined {
    try {
      return fs.statSync(path)
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? undefined : fs.fstatSync(opened)
    }
  }

  /** Writes as many lines as belong into the file, and says how many: none when it made room for them instead. */
  function writeSome(fs: FileSystem, lines: readonly string[], mayRotate: boolean): number {
    let stats = fd === undefined ? undefined : look(fs, fd)
    const fresh = stats?.ino !== inode
    if (!stats || fresh) {
      release()
      stats = open(fs)
    }
    const { size } = stats
    const isUsed = size > headBytes.length
    const room = mayRotate ? rotation.room(size, isUsed) : Number.POSITIVE_INFINITY
    const begin = beginning(fs, stats, fresh)
    let count = lines.length
    let bytes = utf8.encode(begin + lines.join(''))
    if (bytes.length > room) {
      count = fitting(begin, lines, room)
      if (count === 0 && isUsed) return rotate(fs)
      count ||= 1
      bytes = utf8.encode(begin + lines.slice(0, count).join(''))
    }
    writeAll(fs, fd as number, bytes)
    mayBeTorn = false
    return count
  }

  /** What has to stand before the next line. A pipe is empty at all times, a file when it is new or was truncated. */
  function beginning(fs: FileSystem, stats: FileStats, fresh: boolean): string {
    if (stats.size === 0) return fresh || stats.mode & REGULAR ? head : ''
    return mayBeTorn ? missingEnd(fs, path, fd as number, quoted) : ''
  }

  /** How many of the lines take no more bytes than that. */
  function fitting(begin: string, lines: readonly string[], room: number): number {
    let bytes = utf8.encode(begin).length
    return lines.findIndex((line) => {
      bytes += utf8.encode(line).length
      return bytes > room
    })
  }

  function rotate(fs: FileSystem): 0 {
    if (fsync) flush()
    // Windows does not rename what is open.
    release()
    rotation.rotate(fs, inode)
    return 0
  }

  function flush(): void {
    try {
      if (fd !== undefined) files().fsyncSync(fd)
    } catch (error) {
      // What is no file on a disk, such as a pipe, cannot be synced and need not be.
      if (codeOf(error) !== 'EINVAL') throw failure(part, 'sync', path, error)
    }
  }

  return {
    write(lines) {
      if (closed) throw new Error(`[nfo] [${part}] cannot write ${path}: it is closed; write before close()`)
      const fs = files()
      try {
        let tries = 0
        for (let rest = lines; rest.length > 0; ) {
          const count = writeSome(fs, rest, tries < TRIES)
          tries = count === 0 ? tries + 1 : 0
          rest = rest.slice(count)
        }
      } catch (error) {
        const what = fd === undefined ? 'open' : 'write'
        mayBeTorn = true
        try {
          release()
        } catch {}
        throw failure(part, what, path, error)
      }
    },
    flush,
    flushSync() {
      if (fsync) flush()
    },
    close() {
      closed = true
      release()
      return rotation.close()
    }
  }
}
