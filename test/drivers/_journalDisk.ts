import type { Files } from '../../src/drivers/_journalFiles.ts'

/** A file: what the system holds of it, and what has reached the disk. */
interface Inode {
  ino: number
  bytes: Uint8Array<ArrayBuffer>
  durable: Uint8Array<ArrayBuffer>
  mtimeMs: number
  mode: number
}

type Names = Map<string, Inode>

/** What is left: after the end of a process all; after a power cut what was synced, or of all else some. */
export type Ending = 'process' | 'power' | 'either'

/** A disk in memory that stops in the middle of a step, and knows what would be left. */
export interface MemoryDisk {
  readonly fs: Files
  /** Writes, renames and the like so far. */
  readonly steps: number
  /** The step at which everything stops. */
  stopAt: number
  readonly stopped: boolean
  /** How many bytes there is room for. */
  room: number
  /** What a file holds; undefined when there is none. */
  read(path: string): Uint8Array<ArrayBuffer> | undefined
  write(path: string, bytes: Uint8Array): void
  paths(): string[]
  /** The disk as it is found afterwards; locks are gone, as their process is. */
  after(ending: Ending, seed?: number): MemoryDisk
}

const coded = (code: string): Error => Object.assign(new Error(`${code}: as told`), { code })
const FOLDER: Inode = { ino: 1, bytes: new Uint8Array(), durable: new Uint8Array(), mtimeMs: 0, mode: 0o040755 }
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

export function createMemoryDisk(names: Names = new Map()): MemoryDisk {
  let durableNames: Names = new Map(names)
  const open = new Map<number, Inode | undefined>()
  let tick = 1_000_000
  let steps = 0
  let stopped = false

  /** Before each change; true when this one only gets half-way. */
  function step(): boolean {
    if (stopped) throw coded('STOPPED')
    steps++
    stopped = steps === disk.stopAt
    return stopped
  }

  function change(work: () => void): void {
    // A change of names happens as a whole or not at all; here it does not.
    if (step()) throw coded('STOPPED')
    work()
  }

  function find(path: string): Inode {
    const inode = names.get(path)
    if (inode) return inode
    throw coded('ENOENT')
  }

  function create(path: string): Inode {
    const inode = names.get(path) ?? {
      ino: ++tick,
      bytes: new Uint8Array(),
      durable: new Uint8Array(),
      mtimeMs: 0,
      mode: 0o100644
    }
    names.set(path, inode)
    return inode
  }

  const opened = (fd: number): Inode => open.get(fd) ?? fail('EBADF')
  const fail = (code: string): never => {
    throw coded(code)
  }

  function resize(inode: Inode, length: number): void {
    const bytes = new Uint8Array(length)
    bytes.set(inode.bytes.subarray(0, length))
    inode.bytes = bytes
    inode.mtimeMs = ++tick
  }

  const statOf = ({ bytes, ino, mtimeMs, mode }: Inode) => ({ size: bytes.length, ino, mtimeMs, mode })
  const used = (): number => [...names.values()].reduce((total, { bytes }) => total + bytes.length, 0)

  const members: Partial<Files> = {
    openSync(path, given) {
      const fd = ++tick
      const flags = String(given)
      if (path === '/') open.set(fd, undefined)
      else if (flags.startsWith('r')) open.set(fd, find(path))
      else if (flags === 'wx' && names.has(path)) fail('EEXIST')
      else {
        change(() => {
          const inode = create(path)
          open.set(fd, inode)
          if (flags.startsWith('w')) resize(inode, 0)
        })
      }
      return fd
    },
    writeSync(fd, bytes, offset = 0, length = bytes.length - offset, position = 0) {
      const inode = opened(fd)
      const isLast = step()
      const start = position ?? 0
      const taken = Math.min(
        isLast ? length >> 1 : length,
        disk.room - used() + Math.max(0, inode.bytes.length - start)
      )
      if (taken <= 0 && !isLast) throw coded('ENOSPC')
      if (start + taken > inode.bytes.length) resize(inode, start + taken)
      inode.bytes.set(bytes.subarray(offset, offset + taken), start)
      inode.mtimeMs = ++tick
      if (isLast) throw coded('STOPPED')
      return taken
    },
    readSync(fd, bytes, offset, length, position) {
      const part = opened(fd).bytes.subarray(position ?? 0, (position ?? 0) + length)
      bytes.set(part, offset)
      return part.length
    },
    fsyncSync(fd) {
      change(() => {
        const inode = open.get(fd)
        if (inode) inode.durable = copyOf(inode.bytes)
        else durableNames = new Map(names)
      })
    },
    closeSync: (fd) => void open.delete(fd),
    fstatSync: (fd) => statOf(opened(fd)),
    statSync: (path) => statOf(path === '/' ? FOLDER : find(path)),
    readFileSync: (path) => find(path).bytes,
    mkdirSync: () => undefined,
    renameSync(from, to) {
      change(() => {
        names.set(to, find(from))
        names.delete(from)
      })
    },
    unlinkSync(path) {
      find(path)
      change(() => names.delete(path))
    },
    linkSync: () => fail('ENOSYS'),
    readdirSync: () => [...names.keys()],
    ftruncateSync(fd, length) {
      const inode = opened(fd)
      change(() => resize(inode, length))
    },
    chmodSync(path, mode) {
      find(path).mode = 0o100000 | mode
    },
    realpathSync: (path) => (path === '/' ? path : (find(path), path))
  }
  const fs = members as Files

  function after(ending: Ending, seed = 0): MemoryDisk {
    let luck = seed
    const survives = (): boolean => {
      luck = (Math.imul(luck, 1_103_515_245) + 12_345) & 0x7fffffff
      return ending === 'process' || (ending === 'either' && luck % 65_536 < 32_768)
    }
    const left: Names = new Map()
    const found = survives() ? names : durableNames
    for (const [path, inode] of found) {
      if (path.includes('-nfo.lock')) continue
      const bytes = copyOf(survives() ? inode.bytes : inode.durable)
      left.set(path, { ...inode, bytes, durable: bytes })
    }
    return createMemoryDisk(left)
  }

  const disk = {
    fs,
    stopAt: 0,
    room: Number.POSITIVE_INFINITY,
    get steps() {
      return steps
    },
    get stopped() {
      return stopped
    },
    read: (path: string) => names.get(path)?.bytes,
    write(path: string, bytes: Uint8Array) {
      const inode = create(path)
      inode.bytes = copyOf(bytes)
      inode.durable = inode.bytes
      inode.mtimeMs = ++tick
      durableNames.set(path, inode)
    },
    paths: () => [...names.keys()].sort(),
    after
  }
  return disk
}
