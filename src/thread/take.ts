import { isEntry, KIND_MASK, OPEN, RECORD_WORDS, START, WORDS_MASK } from '../core/layout.ts'
import { CONTROL_HEAD, createRegion, type Region } from '../core/ring.ts'
import { AT, ENDED, lock, type State, unlock, WORKER } from './state.ts'

/** A ring as the worker sees it. */
export interface SharedRing {
  u32: Uint32Array
  control: Int32Array
}

/** Records that were taken: a copy, from word 0 up to `head`. */
export interface Taken extends Region {
  entries: number
}

/** So much is taken at once: what is lost at most when the worker dies while a sink writes it. */
const BATCH_WORDS = 8192
/** The main thread holds the lock for microseconds. */
const LOCK_MS = 1000

/**
 * Copies the next records out of the ring. Its result is undefined when it is not the time: a message that they may need has
 * not arrived, or the main thread has taken over.
 */
export function createTaker({ u32, control }: SharedRing, state: State, everything: boolean): () => Taken | undefined {
  const { words } = state
  const mask = (u32.length >> 1) - 1
  const copy = new ArrayBuffer((BATCH_WORDS + RECORD_WORDS) * 8)
  const taken: Taken = { ...createRegion(copy, 0, copy.byteLength), mask: 0x7fffffff, entries: 0 }

  /** Where the whole records end that may be taken now; the last one may still grow while its call runs. */
  function gather(from: number, to: number): number {
    let position = from
    taken.entries = 0
    while (((to - position) | 0) > 0 && ((position - from) | 0) < BATCH_WORDS) {
      const shape = u32[(position & mask) << 1]
      const end = (position + (shape & WORDS_MASK)) | 0
      if (end === position || ((to - end) | 0) < 0) break
      if (end === to && (shape & (KIND_MASK | OPEN)) === (START | OPEN)) break
      taken.entries += +isEntry(shape)
      position = end
    }
    return position
  }

  /** In two pieces when it goes beyond the end of the ring. */
  function copyWords(from: number, to: number): void {
    const start = from & mask
    const length = (to - from) | 0
    const first = Math.min(length, mask + 1 - start)
    taken.u32.set(u32.subarray(start << 1, (start + first) << 1))
    taken.u32.set(u32.subarray(0, (length - first) << 1), first << 1)
    taken.head = length
  }

  return function take() {
    if (!lock(state, WORKER, LOCK_MS)) return undefined
    try {
      const head = Atomics.load(control, CONTROL_HEAD)
      const bounded = !everything || Atomics.load(words, AT.closing) === 1
      // After the head: what is before it was sent before it.
      if (Atomics.load(words, AT.sent) !== Atomics.load(words, AT.received)) return undefined
      if (Atomics.load(words, AT.phase) === ENDED) return undefined
      const from = Atomics.load(words, AT.drained)
      const to = gather(from, bounded ? Atomics.load(words, AT.limit) : head)
      copyWords(from, to)
      Atomics.store(words, AT.drained, to)
    } finally {
      unlock(state)
    }
    return taken
  }
}
