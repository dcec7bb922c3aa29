import { runtime } from '../runtimes/generic.ts'
import type { FileSystem } from '../runtimes/types.ts'
import { quietly, writeAll } from './_disk.ts'
import { type RotatedFile, type RotatedFiles, stampOf } from './_rotated.ts'

/** Compresses rotated files, one at a time, between other work. */
export interface Compressor {
  /** In a moment. */
  later(fs: FileSystem): void
  /** At once, all there are. Never rejects. */
  now(fs: FileSystem): Promise<void>
}

// Another process that looked at the path right before a file was moved still writes to it.
const SETTLE_MS = 1000
const STALE_MS = 60_000
const PIECE = 65_536

export function createCompressor(rotated: RotatedFiles, failed: (error: unknown) => void): Compressor {
  let cancel: (() => void) | undefined
  let asked = 0
  let busy = Promise.resolve()

  function later(fs: FileSystem): void {
    asked = Date.now()
    cancel ??= runtime.later(() => {
      const settled = Date.now() - SETTLE_MS
      void compressUntil(fs, stampOf(settled))
      if (asked > settled) later(fs)
    }, 2 * SETTLE_MS)
  }

  function compressUntil(fs: FileSystem, until: string): Promise<void> {
    cancel?.()
    cancel = undefined
    busy = busy.then(async () => {
      try {
        const files = rotated.list(fs)
        // Drafts come before what they were made of.
        for (const file of files.toReversed()) if (file.stamp <= until) await settle(fs, file, files).catch(failed)
      } catch (error) {
        failed(error)
      }
    })
    return busy
  }

  return { later, now: (fs) => compressUntil(fs, 'later than any') }
}

/** Compresses one, or clears up what a process left that was killed while it did. */
async function settle(fs: FileSystem, { name, end }: RotatedFile, files: RotatedFile[]): Promise<void> {
  if (end === '' && files.some((file) => file.name === `${name}.gz`)) fs.unlinkSync(name)
  else if (end === '') await compress(fs, name)
  else if (end === '.gz.tmp' && fs.statSync(name).mtimeMs < Date.now() - STALE_MS) fs.unlinkSync(name)
}

/** Puts `path.gz` in the place of a file, complete and on the disk before that goes. */
async function compress(fs: FileSystem, path: string): Promise<void> {
  const draft = `${path}.gz.tmp`
  const from = fs.openSync(path, 'r')
  try {
    const to = fs.openSync(draft, 'wx')
    try {
      const size = await deflate(fs, from, to).finally(() => fs.closeSync(to))
      // An empty one is a name that another process has just claimed; one that grew after all is left for the next time.
      if (size === 0 || fs.fstatSync(from).size !== size) return
      fs.renameSync(draft, `${path}.gz`)
      fs.unlinkSync(path)
    } finally {
      quietly(() => fs.unlinkSync(draft))
    }
  } finally {
    fs.closeSync(from)
  }
}

/** Reads and writes small pieces on this thread; compresses, and waits for the disk, off it. Gives how much it read. */
async function deflate(fs: FileSystem, from: number, to: number): Promise<number> {
  let size = 0
  const plain = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const piece = new Uint8Array(PIECE)
      const count = fs.readSync(from, piece, 0, PIECE, size)
      size += count
      if (count > 0) controller.enqueue(piece.subarray(0, count))
      else controller.close()
    }
  })
  const reader = plain.pipeThrough(new CompressionStream('gzip')).getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) writeAll(fs, to, part.value)
  await new Promise<void>((resolve, reject) => fs.fsync(to, (error) => (error ? reject(error) : resolve())))
  return size
}
