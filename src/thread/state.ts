/** Words that both threads read and write. Positions are those of the ring; the others count. */
export const AT = {
  /** Who moves `drained`: nobody, the main thread or the worker. */
  lock: 0,
  /** Up to where the ring was taken, or given up. */
  drained: 1,
  /** Up to where the worker may take it, unless it may take everything. */
  limit: 2,
  /** The worker takes nothing beyond the limit any more. */
  closing: 3,
  /** Messages that were sent: what is in the ring may need them. And how many have arrived. */
  sent: 4,
  received: 5,
  /** Goes on with everything that the worker gets done. The main thread waits on it. */
  beat: 6,
  /** Flushes: asked for; written by the sinks that write at once; answered by all of them. */
  asked: 7,
  written: 8,
  flushed: 9,
  phase: 10,
  /** Sinks that have a ledger here. */
  sinks: 11,
  /** Bytes of `locks`. */
  locks: 12
} as const

/** Values of the word `phase`. */
export const STARTING = 0
export const READY = 1
/** It ended by itself, or it was given up. */
export const ENDED = 2

/** Values of the word `lock`. */
export const MAIN = 1
export const WORKER = 2

/** Doubles: of all, and from `sinks` on four a sink. */
export const COUNT = { delivered: 0, dropped: 1, failed: 2, sinks: 3 } as const
export const LEDGER = ['accepted', 'delivered', 'dropped', 'failed'] as const
/** More sinks have no ledger of their own. */
export const MOST_SINKS = 32

const WORDS_BYTES = 64
const COUNT_BYTES = (COUNT.sinks + LEDGER.length * MOST_SINKS) * 8
const LOCKS_BYTES = 4096

/** What the two threads tell each other, besides the ring. */
export interface State {
  words: Int32Array
  counts: Float64Array
  /** Lock files that the worker holds, as JSON: it cannot let go of them when it is killed. */
  locks: Uint8Array
}

export function createState(): State {
  const shared = new SharedArrayBuffer(WORDS_BYTES + COUNT_BYTES + LOCKS_BYTES)
  return {
    words: new Int32Array(shared, 0, WORDS_BYTES >> 2),
    counts: new Float64Array(shared, WORDS_BYTES, COUNT_BYTES >> 3),
    locks: new Uint8Array(shared, WORDS_BYTES + COUNT_BYTES)
  }
}

/** Takes the lock; false when the other one has not let go of it for so many milliseconds. */
export function lock({ words }: State, owner: typeof MAIN | typeof WORKER, ms: number): boolean {
  while (Atomics.compareExchange(words, AT.lock, 0, owner) !== 0) {
    if (Atomics.wait(words, AT.lock, MAIN + WORKER - owner, ms) === 'timed-out') return false
  }
  return true
}

export function unlock({ words }: State): void {
  Atomics.store(words, AT.lock, 0)
  Atomics.notify(words, AT.lock)
}

/** Says that something got done. */
export function beat({ words }: State): void {
  Atomics.add(words, AT.beat, 1)
  Atomics.notify(words, AT.beat)
}

/** Waits until it is done, as long as the worker gets anything done within that many milliseconds. False when it does not. */
export function waitFor({ words }: State, ms: number, isDone: () => boolean): boolean {
  for (;;) {
    const beats = Atomics.load(words, AT.beat)
    if (isDone()) return true
    if (Atomics.load(words, AT.phase) === ENDED) return false
    if (Atomics.wait(words, AT.beat, beats, ms) === 'timed-out') return isDone()
  }
}
