import type { Entry } from '../core/types.ts'

const SET_BACK = 60_000

/**
 * Tells the time by the entries: the latest end so far, in epoch milliseconds. Entries come in the order in which they
 * ended, but for errors; so what they are judged by is the time at which they happened, not the one at which they are
 * delivered.
 */
export function createClock(): (entry: Entry) => number {
  let now = Number.NEGATIVE_INFINITY
  return ({ timestamp, durationMs = 0 }) => {
    const end = timestamp + durationMs
    // Far behind means that the system's clock was set back.
    if (end > now || end < now - SET_BACK) now = end
    return now
  }
}
