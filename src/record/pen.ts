import type { FileSystem } from '../runtimes/types.ts'
import type { Chunks, Seal } from './chunk.ts'
import type { Plan } from './plan.ts'

/** What a thread brings to write with. */
export interface Tools {
  fs: Pick<FileSystem, 'writeSync'>
  /** A descriptor of this thread's own: not every runtime shares them. */
  fd: number
  /** 1 for the main thread, 2 for the other one. */
  owner: number
  /** The recorder's clock. */
  now(): number
  /** Epoch milliseconds. */
  wall(): number
}

/** A buffer for one chunk and a hand that writes it. */
export interface Pen {
  /** Bytes of the buffer. */
  room: number
  u8: Uint8Array
  u32: Uint32Array
  f64: Float64Array
  /** Seals what is in the buffer and writes it at a position of the file. Returns its bytes. */
  send(header: Omit<Seal, 'file'>, position: number): number
  write(bytes: Uint8Array, length: number, position: number): void
}

/** Its text runs in a thread: see `parts.ts`. */
export function createPen(plan: Plan, { fs, fd, owner }: Tools, chunks: Chunks): Pen {
  const { at, chunk, geometry, largestBlock, state } = plan
  const room = Math.max(chunk.head + chunk.blockHead + largestBlock, geometry.open.bytes)
  const buffer = new ArrayBuffer(room)
  const u8 = new Uint8Array(buffer)
  const u32 = new Uint32Array(buffer)

  const pen: Pen = {
    room,
    u8,
    u32,
    f64: new Float64Array(buffer),

    send({ kind, flags, sequence, length, count }, position) {
      u8.fill(0, chunk.head + length, (chunk.head + length + 7) & ~7)
      const bytes = chunks.seal(u32, { file: plan.file, kind, flags, sequence, length, count })
      pen.write(u8, bytes, position)
      return bytes
    },

    write(bytes, length, position) {
      for (let done = 0; done < length; ) {
        const taken = fs.writeSync(fd, bytes, done, length - done, position + done)
        if (taken === 0) throw new Error('nothing could be written')
        done += taken
      }
      if (Atomics.load(state, at.lock) !== owner) throw new Error('the main thread went on by itself')
    }
  }
  return pen
}
