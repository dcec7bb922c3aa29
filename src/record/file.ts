import type { FileSystem } from '../runtimes/types.ts'
import { CHUNK_BYTES, createChunks, HEADER, MAGIC, RECORD_VERSION } from './chunk.ts'
import { HEADER_ROOM } from './plan.ts'
import { VERSION } from './version.ts'

/** How the process let go of a file. */
export interface RecordEnd {
  /** `closed`: by `close()`. Else what ended the process. */
  reason: 'closed' | 'exit' | 'error' | 'signal' | 'hidden'
  /** Epoch milliseconds. */
  time: number
  /** Written until then. More of them in the file say that the process went on. */
  blocks: number
  entries: number
}

/** What a file says of itself. */
export interface RecordHeader {
  /** Version of nfo that wrote it. */
  nfo: string
  format: number
  pid: number
  runtime: string
  /** Epoch milliseconds. */
  started: number
  /** Bytes of the whole file, and of the ring that it follows. */
  size: number
  ring: number
  /** Milliseconds between two writes; 0 when each call waited for its own. */
  interval: number
  environment?: string
  version?: string
  end?: RecordEnd
}

export interface RecordFile {
  readonly path: string
  readonly fd: number
  readonly inode: number
  /** A random number that its chunks carry. */
  readonly id: number
  /** Writes the header, twice. */
  writeHeader(end?: RecordEnd): void
  close(): void
}

/** What is known before. */
export type Facts = Omit<RecordHeader, 'nfo' | 'format' | 'started' | 'end'>

/** Makes the file in its full size. What an earlier run left there is kept beside it, with `.1` behind its name. */
export function createFile(fs: FileSystem, path: string, facts: Facts): RecordFile {
  keepEarlier(fs, path)
  const fd = openFile(fs, path)
  const { seal } = createChunks()
  const words = new Uint32Array(HEADER_ROOM >> 2)
  const bytes = new Uint8Array(words.buffer)
  const id = Math.floor(Math.random() * 2 ** 32)
  const header: RecordHeader = { nfo: VERSION, format: RECORD_VERSION, ...facts, started: Date.now() }
  let sequence = 0

  function writeHeader(end?: RecordEnd): void {
    const text = new TextEncoder().encode(JSON.stringify({ ...header, end }))
    const { length } = text
    bytes.fill(0).set(text, CHUNK_BYTES)
    seal(words, { file: id, kind: HEADER, flags: 0, sequence: sequence++, length, count: 0 })
    writeAll(fs, fd, bytes, 0)
    writeAll(fs, fd, bytes, HEADER_ROOM)
  }

  try {
    writeHeader()
    // Not a hole: a disk that fills up later must not stop the recording.
    const zeros = new Uint8Array(65_536)
    for (let at = 2 * HEADER_ROOM; at < facts.size; at += zeros.length) {
      writeAll(fs, fd, zeros.subarray(0, Math.min(zeros.length, facts.size - at)), at)
    }
  } catch (error) {
    fs.closeSync(fd)
    throw failure('write', path, error)
  }
  return { path, fd, inode: fs.fstatSync(fd).ino, id, writeHeader, close: () => fs.closeSync(fd) }
}

function writeAll(fs: FileSystem, fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const taken = fs.writeSync(fd, bytes, done, bytes.length - done, position + done)
    if (taken === 0) throw new Error('nothing could be written')
    done += taken
  }
}

/** What is not a record file is left alone: the path may be a mistake. */
function keepEarlier(fs: FileSystem, path: string): void {
  try {
    if (fs.statSync(path).size === 0) return
    if (isRecord(fs, path)) return fs.renameSync(path, `${path}.1`)
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return
    throw failure('open', path, error)
  }
  throw new Error(`[nfo] [record] ${path} is no record file and would be replaced; move it or choose another path`)
}

function isRecord(fs: FileSystem, path: string): boolean {
  const magic = new Uint32Array(1)
  const fd = fs.openSync(path, 'r')
  try {
    fs.readSync(fd, new Uint8Array(magic.buffer), 0, 4, 0)
  } finally {
    fs.closeSync(fd)
  }
  return magic[0] === MAGIC
}

function openFile(fs: FileSystem, path: string): number {
  try {
    return fs.openSync(path, 'w')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw failure('open', path, error)
  }
  try {
    fs.mkdirSync(path.replace(/[\\/][^\\/]*$/, ''), { recursive: true })
    return fs.openSync(path, 'w')
  } catch (error) {
    throw failure('open', path, error)
  }
}

function failure(what: 'open' | 'write', path: string, error: unknown): Error {
  const { name, code, message } = error as Error & { code?: string }
  let fix = what === 'open' ? 'check the path and its permissions' : 'check the disk'
  if (name === 'NotCapable') fix = `run Deno with --allow-read=${path},${path}.1 --allow-write=${path},${path}.1`
  if (code === 'EISDIR') fix = 'name a file, not a folder'
  return new Error(`[nfo] [record] cannot ${what} ${path}: ${message}; ${fix}`, { cause: error })
}
