import { createLogger, type Logger } from '../../src/core/logger.ts'
import type { LoggerOptions, RecordOptions } from '../../src/core/options.ts'
import { openRecord } from '../../src/record/open.ts'
import type { ExitReason, FileSystem, Runtime } from '../../src/runtimes/types.ts'

/** A file as it is on a disk. */
interface Stored {
  bytes: Uint8Array
  inode: number
}

const coded = (code: string, message: string) => Object.assign(new Error(`${code}: ${message}`), { code })

/** A disk in memory, which can be told to fail. */
export interface Disk {
  fs: FileSystem
  files: Map<string, Stored>
  /** The writes from now on throw this. */
  fault: Error | undefined
  writes: number
}

const statsOf = ({ bytes, inode }: Stored) => ({ size: bytes.length, ino: inode, mtimeMs: 0, mode: 0o100644 })

export function createDisk(): Disk {
  const files = new Map<string, Stored>()
  const open = new Map<number, Stored>()
  let inodes = 0
  const find = (path: string) => files.get(path) ?? fail('ENOENT', `no ${path}`)
  const fail = (code: string, message: string): never => {
    throw coded(code, message)
  }
  const opened = (fd: number) => open.get(fd) ?? fail('EBADF', `no ${fd}`)
  const create = (path: string): Stored => {
    if (path.includes('/none/')) fail('EACCES', 'not there')
    const file = files.get(path) ?? { bytes: new Uint8Array(0), inode: ++inodes }
    file.bytes = new Uint8Array(0)
    files.set(path, file)
    return file
  }
  const fs: FileSystem = {
    constants: { O_WRONLY: 1, O_APPEND: 1024 },
    openSync(path, flags) {
      const file = flags === 'w' ? create(path) : find(path)
      const fd = 100 + ++inodes
      open.set(fd, file)
      return fd
    },
    writeSync(fd, bytes, offset = 0, length = bytes.length, position = 0) {
      const file = opened(fd)
      disk.writes++
      if (disk.fault) throw disk.fault
      const end = (position ?? 0) + length
      if (end > file.bytes.length) {
        const longer = new Uint8Array(end)
        longer.set(file.bytes)
        file.bytes = longer
      }
      file.bytes.set(bytes.subarray(offset, offset + length), position ?? 0)
      return length
    },
    readSync(fd, bytes, offset, length, position) {
      const part = opened(fd).bytes.subarray(position ?? 0, (position ?? 0) + length)
      bytes.set(part, offset)
      return part.length
    },
    fsyncSync() {},
    closeSync: (fd) => void open.delete(fd),
    fsync: (_fd, done) => done(null),
    fstatSync: (fd) => statsOf(opened(fd)),
    statSync: (path) => statsOf(find(path)),
    readFileSync: (path) => find(path).bytes.slice(),
    mkdirSync() {},
    renameSync(from, to) {
      files.set(to, find(from))
      files.delete(from)
    },
    unlinkSync: (path) => void files.delete(path),
    linkSync() {},
    readdirSync: () => [],
    ftruncateSync() {}
  }
  const disk: Disk = { fs, files, fault: undefined, writes: 0 }
  return disk
}

/** A runtime without threads, with a clock that is moved by hand. */
export interface Bench {
  disk: Disk
  runtime: Runtime
  printed: string[]
  /** Runs what was to run later. */
  tick(): void
  exit(reason: ExitReason): void
  listeners: number
  start(record: string | RecordOptions, options?: LoggerOptions, ring?: Logger['recorder']): Logger
  read(path?: string): Uint8Array
}

export function createBench(): Bench {
  const disk = createDisk()
  const tasks = new Set<() => void>()
  const exits = new Set<(reason: ExitReason) => void>()
  const printed: string[] = []
  const runtime: Runtime = {
    name: 'generic',
    env: () => undefined,
    print: (_stream, line) => void printed.push(line),
    isTerminal: () => false,
    fs: disk.fs,
    later(task) {
      tasks.add(task)
      return () => void tasks.delete(task)
    },
    onExit(listener) {
      exits.add(listener)
      return () => void exits.delete(listener)
    },
    startThread: undefined,
    openRecord: (...given) => openRecord(runtime, ...given),
    require: undefined,
    processes: undefined,
    storage: () => undefined,
    frozenClock: false
  }
  return {
    disk,
    runtime,
    printed,
    tick() {
      const due = [...tasks]
      tasks.clear()
      for (const task of due) task()
    },
    exit: (reason) => {
      for (const listener of exits) listener(reason)
    },
    get listeners() {
      return exits.size
    },
    start: (record, options, ring) => createLogger({ ...options, record }, runtime, ring),
    read: (path = '/app.nfo') => disk.fs.readFileSync(path)
  }
}

/** The same numbers at every run. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
