// Taken when the module loads, so that a wrapped or faked timer neither records the recorder nor stops it.
const { setTimeout, clearTimeout } = globalThis
const { setImmediate, clearImmediate } = globalThis as {
  setImmediate?: (task: () => void) => unknown
  clearImmediate?: (handle: unknown) => void
}

interface Timer {
  unref?(): void
}

/** A timer that does not keep the process alive; undefined where timers are forbidden right now. */
export function later(task: () => void, ms: number): (() => void) | undefined {
  try {
    // A timer of 0 ms fires a millisecond later; many turns of the event loop, and calls, pass in that time.
    if (ms === 0 && setImmediate && clearImmediate) {
      const turn = setImmediate(task)
      return () => clearImmediate(turn)
    }
    // Whole milliseconds: on Deno 2.9 no timer fires any more after some with fractions.
    const timer = setTimeout(task, Math.ceil(ms)) as Timer
    timer.unref?.()
    return () => clearTimeout(timer as number)
  } catch {
    return undefined
  }
}
