import { runtime } from '../runtimes/generic.ts'
import type { FileSystem } from '../runtimes/types.ts'
import { compressAll } from './_compress.ts'
import { codeOf, failure, quietly } from './_disk.ts'
import { rotatedFiles, stampOf } from './_rotated.ts'

/** When a file is moved aside for a new one, and what becomes of it. */
export interface RotationOptions {
  /** A file is rotated before it would grow beyond so many bytes; a larger record has a file of its own. @default no limit */
  maxBytes?: number
  /** A file is rotated before the first batch of a new UTC hour or day, also one that an earlier run left. @default never */
  every?: 'hour' | 'day'
  /** So many rotated files stay, compressed or not; `Infinity` keeps all. @default 10 */
  keep?: number
  /**
   * Whether rotated files are compressed, a second or two after rotation or in `close()`, in pieces between other work.
   * @default false
   */
  gzip?: boolean
}

/** The bounds of one file. Several processes may share it: each rotates what it still finds at the path. */
export interface Rotation {
  /** To be told when a file was opened, with the time of what is in it. */
  opened(fs: FileSystem, time: number): void
  /** How many more bytes belong into a file of that size: none when it has records of an earlier hour or day. */
  room(size: number, isUsed: boolean): number
  /** Moves the file aside if it is still that one. Never throws: where that fails, the file has unlimited room for a while. */
  rotate(fs: FileSystem, inode: number): void
  /** Compresses what is left to compress. */
  close(): Promise<void> | undefined
}

const PERIODS = { hour: 3_600_000, day: 86_400_000 }
const RETRY_MS = 10_000
// Another process that looked at the path right before a file was moved still writes to it.
const SETTLE_MS = 1000
const EVER = '~'

/** Throws when an option makes no sense. */
export function checkRotation({ part, maxBytes = 1, every, keep = 0 }: RotationOptions & { part: string }): void {
  const refuse = (text: string): never => {
    throw new RangeError(`[nfo] [${part}] ${text}`)
  }
  if (!(maxBytes > 0)) refuse(`maxBytes is ${maxBytes}; give a number of bytes above 0`)
  if (every !== undefined && !Object.hasOwn(PERIODS, every)) refuse(`every is '${every}'; use 'hour' or 'day'`)
  if (!(keep >= 0) || keep % 1) refuse(`keep is ${keep}; give a whole number of files, or Infinity`)
}

export function createRotation(path: string, options: RotationOptions & { part: string }): Rotation {
  const { part, maxBytes = Number.POSITIVE_INFINITY, every, keep = 10, gzip = false } = options
  const period = every ? PERIODS[every] : Number.POSITIVE_INFINITY
  const rotated = rotatedFiles(path)
  const turnOf = (time: number): number => Math.floor(time / period)
  let turn = -1
  let retryAt = 0
  let warned = false
  let cancel: (() => void) | undefined
  let compressing = Promise.resolve()

  function failed(what: 'rotate' | 'compress', error: unknown): void {
    // Another process was first.
    if (['ENOENT', 'EEXIST'].includes(codeOf(error) as string)) return
    if (what === 'rotate') retryAt = Date.now() + RETRY_MS
    if (!warned) runtime.print('stderr', failure(part, what, path, error).message)
    warned = true
  }

  function attempt(task: () => void): void {
    try {
      task()
    } catch (error) {
      failed('rotate', error)
    }
  }

  function move(fs: FileSystem, inode: number): void {
    const name = rotated.claim(fs)
    let isMoved = false
    try {
      // Not a full guard: what another process made since is then moved early, which loses nothing.
      if (fs.statSync(path).ino !== inode) return
      fs.renameSync(path, name)
      isMoved = true
    } finally {
      if (!isMoved) quietly(() => fs.statSync(name).size === 0 && fs.unlinkSync(name))
    }
    warned = false
  }

  /** Also at the start: an earlier run may have been killed between its steps, or have kept more. */
  function tidy(fs: FileSystem): void {
    if (keep < Number.POSITIVE_INFINITY) prune(fs)
    if (gzip) {
      cancel ??= runtime.later(() => void compress(fs, stampOf(Date.now() - SETTLE_MS)), 2 * SETTLE_MS)
    }
  }

  function prune(fs: FileSystem): void {
    let kept = 0
    let last = ''
    for (const { name, stamp } of rotated.list(fs).reverse()) {
      if (stamp !== last) kept++
      last = stamp
      if (kept > keep) quietly(() => fs.unlinkSync(name))
    }
  }

  /** Those that were rotated until then. Never rejects. */
  function compress(fs: FileSystem, until: string): Promise<void> {
    cancel = void cancel?.()
    const report = (error: unknown): void => failed('compress', error)
    compressing = compressing.then(() => compressAll(fs, rotated, until, report)).catch(report)
    return compressing
  }

  return {
    opened(fs, time) {
      if (turn < 0 && (maxBytes < Number.POSITIVE_INFINITY || every)) attempt(() => tidy(fs))
      turn = turnOf(time)
    },
    room(size, isUsed) {
      const now = Date.now()
      if (now < retryAt) return Number.POSITIVE_INFINITY
      return isUsed && turnOf(now) > turn ? 0 : maxBytes - size
    },
    rotate: (fs, inode) =>
      attempt(() => {
        move(fs, inode)
        tidy(fs)
      }),
    close: () => (gzip && turn >= 0 && runtime.fs ? compress(runtime.fs, EVER) : undefined)
  }
}
