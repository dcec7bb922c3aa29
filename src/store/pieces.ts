import type { FileSystem } from '../runtimes/types.ts'
import { createRest } from './rest.ts'

type Bytes = Uint8Array<ArrayBuffer>

const PIECE = 262_144

/** The bytes of an open file from one position to another, in pieces. A piece is valid until the next one is asked for. */
export function* bytesOf(
  fs: FileSystem,
  fd: number,
  from = 0,
  to: number = Number.POSITIVE_INFINITY
): Generator<Bytes> {
  const piece = new Uint8Array(Math.min(PIECE, Math.max(0, to - from)))
  let position = from
  while (position < to) {
    const taken = fs.readSync(fd, piece, 0, Math.min(piece.length, to - position), position)
    if (taken === 0) return
    position += taken
    yield piece.subarray(0, taken)
  }
}

/** The first bytes of an open file. */
export function headOf(fs: FileSystem, fd: number, length: number = 65_536): Bytes {
  return bytesOf(fs, fd, 0, length).next().value ?? new Uint8Array(0)
}

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b

/** The text of an open file, in pieces, unpacked when it is compressed; `torn` is called when that ends too soon. */
export async function* textOf(fs: FileSystem, fd: number, torn: () => void, to?: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const bytes = bytesOf(fs, fd, 0, to)
  const pieces = isGzip(headOf(fs, fd, 2)) ? unpacked(bytes, torn) : bytes
  const rest = createRest()
  for await (const piece of pieces) {
    yield decoder.decode(piece, { stream: true })
    await rest()
  }
  yield decoder.decode()
}

async function* unpacked(bytes: Iterator<Bytes>, torn: () => void): AsyncGenerator<Uint8Array> {
  let failed: unknown
  const packed = new ReadableStream<Bytes>({
    pull(controller) {
      try {
        const { value, done } = bytes.next()
        if (done) controller.close()
        else controller.enqueue(value.slice())
      } catch (error) {
        failed = error
        throw error
      }
    }
  })
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
  } catch {
    if (failed) throw failed
    torn()
  } finally {
    // Not waited for: it rejects when the stream is torn.
    reader.cancel().catch(() => {})
  }
}
