import type { FileSystem } from '../runtimes/types.ts'
import { quietly, writeAll } from './_disk.ts'
import type { RotatedFile, RotatedFiles } from './_rotated.ts'

const STALE_MS = 60_000
const PIECE = 65_536

/** Compresses what was rotated until then, one file at a time, between other work; `failed` hears of each that could not be. */
export async function compressAll(
  fs: FileSystem,
  { list }: RotatedFiles,
  until: string,
  failed: (error: unknown) => void
): Promise<void> {
  // Drafts come behind what they were made of, and have to go first.
  for (const file of list(fs).reverse()) if (file.stamp <= until) await settle(fs, file).catch(failed)
}

/** Compresses one, also again when a process was killed between its last steps; clears up what one left that was killed before. */
async function settle(fs: FileSystem, { name, end }: RotatedFile): Promise<void> {
  if (end === '') await compress(fs, name)
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
