import type { Link } from './link.ts'
import { AT, type State } from './state.ts'

const { now } = performance
export const time = (): number => now.call(performance)
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** What the main thread asks of the worker: to flush. The sinks that write at once answer first, the others in their time. */
export interface Requests {
  /** Waits until the sinks that write at once have written. False when the worker got nothing done for too long. */
  write(): boolean
  /** Waits for the other sinks too, no longer than the patience, and never again when that was in vain. */
  finish(): void
  /** Settles when all sinks have answered, at that time, or when it is over. */
  flush(until: number, isOver: () => boolean): Promise<void>
}

export function createRequests({ words }: State, link: Link, patience: number): Requests {
  let latest = 0
  let inVain = false

  function ask(): void {
    latest = Atomics.add(words, AT.asked, 1) + 1
    link.wake()
  }

  const isWritten = (): boolean => Atomics.load(words, AT.written) >= latest
  const isFlushed = (request: number): boolean => Atomics.load(words, AT.flushed) >= request

  return {
    write() {
      ask()
      return link.wait(isWritten)
    },
    finish() {
      if (inVain) return
      const until = time() + patience
      link.wait(() => isFlushed(latest) || time() > until)
      inVain = !isFlushed(latest)
    },
    async flush(until, isOver) {
      if (isOver()) return
      ask()
      const request = latest
      while (!isOver() && !isFlushed(request) && time() < until) await pause()
    }
  }
}
