import { runtime } from '../runtimes/generic.ts'
import type { FileSystem } from '../runtimes/types.ts'
import { codeOf, failure, folderOf, quietly, writeAll } from './_disk.ts'

/** Bodies on the disk, for a time when they can be sent. */
export interface Spool {
  /** Writes a body, at once, and gives its number. Throws when it cannot. */
  add(body: string): number
  /** It is on nobody's way: `next` may give it. */
  release(id: number): void
  /** It was sent, or cannot be. */
  done(id: number): void
  /** The oldest that is on nobody's way; now it is. */
  next(): { id: number; body: string } | undefined
  close(): void
}

const LIMIT = 16_777_216
const open = new Map<string, { spool: Spool; users: number }>()

/**
 * The spool at that path; within a process, the same for all that name it. Throws when there are no files, or not
 * that one.
 */
export function openSpool(path: string, part: string): Spool {
  const place = open.get(path) ?? { spool: createSpool(path, part), users: 0 }
  place.users++
  open.set(path, place)
  return {
    ...place.spool,
    close() {
      if (--place.users === 0) open.delete(path)
    }
  }
}

/** One line a body, `[number, body]`, and one when it is done, `[number]`. A torn line is passed over. */
function createSpool(path: string, part: string): Spool {
  const { fs } = runtime
  if (!fs) throw new Error(`[nfo] [${part}] cannot open ${path}: this runtime has no files; leave out spool`)
  const utf8 = new TextEncoder()
  const bodies = new Map<number, string>()
  const free = new Set<number>()
  let last = 0
  let text = ''
  try {
    text = new TextDecoder().decode(fs.readFileSync(path))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw failure(part, 'open', path, error)
  }
  let size = utf8.encode(text).length
  let isTorn = size > 0 && !text.endsWith('\n')
  for (const line of text.split('\n')) quietly(() => read(JSON.parse(line)))

  function read([id, body]: [id: number, body?: string]): void {
    if (typeof body === 'string') bodies.set(id, body)
    else bodies.delete(id)
    last = Math.max(last, id)
  }

  function append(record: [id: number, body?: string]): void {
    const bytes = utf8.encode(`${isTorn ? '\n' : ''}${JSON.stringify(record)}\n`)
    if (size + bytes.length > LIMIT)
      throw new Error(`[nfo] [${part}] ${path} is full (${LIMIT} bytes); see why nothing is taken`)
    isTorn = true
    size += bytes.length
    writeTo('a', bytes)
    isTorn = false
  }

  function writeTo(flags: string, bytes: Uint8Array): void {
    try {
      write(fs as FileSystem, path, flags, bytes)
    } catch (error) {
      throw failure(part, 'write', path, error)
    }
  }

  for (const id of bodies.keys()) free.add(id)
  return {
    add(body) {
      append([++last, body])
      bodies.set(last, body)
      return last
    },
    release: (id) => void free.add(id),
    done(id) {
      bodies.delete(id)
      free.delete(id)
      // A mark that cannot be written costs a second post after the next start, and no more.
      quietly(() => {
        if (bodies.size > 0) return append([id])
        writeTo('w', new Uint8Array())
        size = 0
        isTorn = false
      })
    },
    next() {
      const [id] = free
      if (id === undefined) return undefined
      free.delete(id)
      return { id, body: bodies.get(id) as string }
    },
    close() {}
  }
}

function write(fs: FileSystem, path: string, flags: string, bytes: Uint8Array): void {
  let fd: number
  try {
    fd = fs.openSync(path, flags)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    fs.mkdirSync(folderOf(path), { recursive: true })
    fd = fs.openSync(path, flags)
  }
  try {
    writeAll(fs, fd, bytes)
  } finally {
    fs.closeSync(fd)
  }
}
