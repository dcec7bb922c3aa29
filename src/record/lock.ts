import type { Tools } from './pen.ts'
import type { Plan } from './plan.ts'

/** Lets one thread write at a time. */
export interface Lock {
  /** False when there is nothing to be had. */
  take(): boolean
  release(): void
}

/**
 * Whoever holds it for a second is stuck or dead: the main thread goes on without the other one. Its text runs in a
 * thread: see `parts.ts`.
 */
export function createLock({ state, at }: Plan, { owner, now }: Tools): Lock {
  return {
    take() {
      const until = now() + 1000
      for (;;) {
        const holder = Atomics.compareExchange(state, at.lock, 0, owner)
        if (holder === 0) return true
        // By itself: an app that wraps files has come back here.
        if (holder === owner) return false
        if (now() > until) break
        Atomics.wait(state, at.lock, holder, 20)
      }
      if (owner !== 1) return false
      Atomics.store(state, at.stop, 1)
      Atomics.store(state, at.lock, owner)
      return true
    },

    release() {
      Atomics.compareExchange(state, at.lock, owner, 0)
      Atomics.notify(state, at.lock, 1)
    }
  }
}
