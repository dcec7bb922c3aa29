// Taken when the module loads, so that a wrapped or faked timer neither records the recorder nor stops it.
const { setTimeout, clearTimeout } = globalThis

interface Timer {
  unref?(): void
}

/** A timer that does not keep the process alive; undefined where timers are forbidden right now. */
export function later(task: () => void, ms: number): (() => void) | undefined {
  try {
    const timer = setTimeout(task, ms) as Timer
    timer.unref?.()
    return () => clearTimeout(timer as number)
  } catch {
    return undefined
  }
}
