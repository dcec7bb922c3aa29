import type { FileSystem } from '../runtimes/types.ts'
import { ifThere, openRotated, rotatedOf } from './fileSet.ts'
import { textOf } from './pieces.ts'
import { createReader } from './reader.ts'
import type { FollowSource, Found, Source } from './source.ts'
import { lastLineEnd, openTail } from './tail.ts'

/** The files of one path as they are at one moment. The current one is open, so that it stays the same when it is rotated. */
interface Files {
  rotated: string[]
  fd: number | undefined
  inode: number
  size: number
}

/** JSON lines or CSV, with the rotated files of the same path, read as one, oldest first. */
export function textFiles(fs: FileSystem, path: string): Source {
  return {
    async *read(skip) {
      const files = look(fs, path)
      try {
        yield* readAll(fs, files, skip)
      } finally {
        close(fs, files)
      }
    },
    follow: (options) => follow(fs, path, options, look(fs, path))
  }
}

function look(fs: FileSystem, path: string): Files {
  const fd = ifThere(() => fs.openSync(path, 'r'))
  if (fd === undefined) return { rotated: rotatedOf(fs, path), fd, inode: 0, size: 0 }
  const { ino: inode, size } = fs.fstatSync(fd)
  // It may have been rotated since it was opened.
  const rotated = rotatedOf(fs, path).filter((name) => inodeOf(fs, name) !== inode)
  return { rotated, fd, inode, size }
}

const inodeOf = (fs: FileSystem, path: string): number | undefined => ifThere(() => fs.statSync(path).ino)

function close(fs: FileSystem, { fd }: Files): void {
  if (fd !== undefined) fs.closeSync(fd)
}

async function* readAll(fs: FileSystem, files: Files, skip: () => void, size?: number): AsyncGenerator<Found[]> {
  for (const name of files.rotated) yield* readRotated(fs, name, skip)
  if (files.fd !== undefined) yield* readOpen(fs, files.fd, skip, size)
}

async function* readRotated(fs: FileSystem, name: string, skip: () => void): AsyncGenerator<Found[]> {
  const fd = openRotated(fs, name)
  if (fd === undefined) return
  try {
    yield* readOpen(fs, fd, skip)
  } finally {
    fs.closeSync(fd)
  }
}

async function* readOpen(fs: FileSystem, fd: number, skip: () => void, size?: number): AsyncGenerator<Found[]> {
  const reader = createReader(skip)
  for await (const text of textOf(fs, fd, skip, size)) yield reader.push(text)
  yield reader.end()
}

async function* follow(
  fs: FileSystem,
  path: string,
  { existing, pause, skip }: FollowSource,
  begun: Files
): AsyncGenerator<Found[] | false> {
  let files = begun
  try {
    const from = files.fd === undefined ? 0 : lastLineEnd(fs, files.fd, files.size)
    if (existing) yield* readAll(fs, files, skip, from)
    yield false
    let tail = files.fd === undefined ? undefined : openTail(fs, files.fd, from, skip)
    while (await pause()) {
      if (tail) yield* tail.drain()
      const now = ifThere(() => fs.statSync(path))
      if (now && files.fd !== undefined && now.ino === files.inode) {
        if (tail && now.size < tail.position) tail = openTail(fs, files.fd, 0, skip)
      } else if (now) {
        // What was written to the old one until it was moved.
        if (tail) yield* tail.drain()
        if (tail) yield tail.end()
        const before = files
        files = look(fs, path)
        for (const name of rotatedSince(fs, before, files)) yield* readRotated(fs, name, skip)
        close(fs, before)
        tail = files.fd === undefined ? undefined : openTail(fs, files.fd, 0, skip)
      }
    }
  } finally {
    close(fs, files)
  }
}

/** The files that came and went between two looks. */
function rotatedSince(fs: FileSystem, before: Files, now: Files): string[] {
  const plain = (name: string): string => name.replace(/\.gz$/, '')
  const known = new Set(before.rotated.map(plain))
  const fresh = now.rotated.filter((name) => !known.has(plain(name)))
  // The first of them is the one that was open.
  const isOpened =
    before.fd !== undefined && fresh[0] && [before.inode, undefined].includes(inodeOf(fs, plain(fresh[0])))
  return isOpened ? fresh.slice(1) : fresh
}
