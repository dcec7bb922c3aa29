import { runtime } from '../runtimes/generic.ts'

/** Milliseconds between a first change and its checkpoint, at least. */
const SOON = 1000
/** How many times longer than a checkpoint took the next one waits: they take 5 % of the time. */
const PAUSE = 20

/** Decides when an image is saved. */
export interface Clock {
  /** Something has to be saved, in good time. */
  start(): void
  stop(): void
  /** So long it took just now. */
  took(ms: number): void
  /** Milliseconds since the last time. */
  idle(): number
}

/** Calls `save`, again and again until it says that it is done. */
export function createClock(save: () => boolean): Clock {
  let last = performance.now()
  let due = 0
  let cancel: (() => void) | undefined

  function fire(): void {
    cancel = undefined
    if (!save()) start()
  }

  function start(): void {
    const now = performance.now()
    if (!cancel) {
      due = Math.max(due, now + SOON)
      cancel = runtime.later(fire, due - now)
    } else if (now > due + SOON) {
      // The event loop has been blocked for long: no timer comes.
      due = now + SOON
      save()
    }
  }

  return {
    start,
    stop: () => cancel?.(),
    took(ms) {
      last = performance.now()
      due = last + PAUSE * ms
    },
    idle: () => performance.now() - last
  }
}
