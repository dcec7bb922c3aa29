import { KIND_MASK, OPEN, PAD, START, WORDS_MASK } from '../core/layout.ts'
import { CONTROL_HEAD, type Recorder } from '../core/ring.ts'
import { BLOCK, BLOCK_HEAD, CHUNK_BYTES, NAMES, OPEN_CALLS, OPEN_CALLS_HEAD, WRAPPED } from './chunk.ts'

/** A part of the file, in bytes. */
export interface Part {
  from: number
  bytes: number
}

/** Where things are in a file. */
export interface Geometry {
  /** Two chunks that take turns. */
  open: Part
  names: Part
  blocks: Part
}

/** Both headers, one sector each. */
export const HEADER_ROOM = 512
const LARGEST_OPEN = 32_768
const LARGEST_BLOCK = 16_384

export function geometryOf(size: number): Geometry {
  const open = Math.min(LARGEST_OPEN, (size >> 4) & ~7)
  const names = (size >> 2) & ~7
  const from = 2 * HEADER_ROOM + 2 * open + names
  return {
    open: { from: 2 * HEADER_ROOM, bytes: open },
    names: { from: 2 * HEADER_ROOM + 2 * open, bytes: names },
    blocks: { from, bytes: (size - from) & ~7 }
  }
}

/** Words of the state that the two threads share. */
const AT = {
  /** Up to where the ring is in the file. */
  persisted: 0,
  /** Who is writing: nobody, the main thread (1), the other one (2). */
  lock: 1,
  /** The thread is to end, or has been given up. */
  stop: 2,
  /** The thread has begun to write. */
  ready: 3,
  /** Where the next block goes. */
  offset: 4,
  /** Older blocks have been overwritten. */
  wrapped: 5,
  /** Bytes of names that wait in the buffer, that are in the file, and what they take there. */
  namesKnown: 6,
  namesWritten: 7,
  namesOffset: 8,
  /** Names that found no place. */
  namesLeft: 9
} as const

/** Doubles of the same state. */
const COUNT = { blocks: 8, entries: 9, open: 10, names: 11, ledger: 12 } as const

const STATE_BYTES = 256

/** What both threads need to write: plain data and shared memory, as it goes to the other thread. */
export interface Plan {
  file: number
  geometry: Geometry
  largestBlock: number
  ring: Uint32Array
  pinned: Uint32Array
  calls: Int32Array
  control: Int32Array
  /** Of the words in `control`, the one that says how far the ring is written. */
  head: number
  state: Int32Array
  counts: Float64Array
  /** JSON lines, appended to. */
  names: Uint8Array
  epoch: number
  at: typeof AT
  count: typeof COUNT
  /** Of records. */
  shape: { words: number; kind: number; pad: number; start: number; open: number }
  /** Of chunks. */
  chunk: Record<'head' | 'names' | 'block' | 'blockHead' | 'wrapped' | 'open' | 'openHead', number>
}

/** For a ring whose memory is shared. */
export function createPlan(ring: Recorder, size: number, file: number): Plan {
  const geometry = geometryOf(size)
  const shared = new SharedArrayBuffer(STATE_BYTES + geometry.names.bytes)
  return {
    file,
    geometry,
    largestBlock: Math.min(LARGEST_BLOCK, (geometry.blocks.bytes >> 2) & ~7),
    ring: ring.u32,
    pinned: ring.pinned.u32,
    calls: ring.calls,
    control: ring.control as Int32Array,
    head: CONTROL_HEAD,
    state: new Int32Array(shared, 0, 16),
    counts: new Float64Array(shared, 0, STATE_BYTES >> 3),
    names: new Uint8Array(shared, STATE_BYTES),
    epoch: ring.epoch,
    at: AT,
    count: COUNT,
    shape: { words: WORDS_MASK, kind: KIND_MASK, pad: PAD, start: START, open: OPEN },
    chunk: {
      head: CHUNK_BYTES,
      names: NAMES,
      block: BLOCK,
      blockHead: BLOCK_HEAD,
      wrapped: WRAPPED,
      open: OPEN_CALLS,
      openHead: OPEN_CALLS_HEAD
    }
  }
}
