import type { Entry, Sink } from '../core/types.ts'
import { note } from './_note.ts'

export interface Limits {
  /** Entries at most, the one that says how many are missing included. @default without limit */
  entries?: number
  /** Bytes at most, as `size` tells them. @default without limit */
  bytes?: number
}

/** What is kept for the entries that say how many are missing. */
const RESERVE = 2000

/**
 * A sink that takes no more than that, ever. What is too much is left out, and the last entry of the batch says how much.
 * Once there is no place for that entry either, `write` throws.
 */
export function limited(
  sink: Sink,
  part: string,
  { entries: most = Number.POSITIVE_INFINITY, bytes = Number.POSITIVE_INFINITY }: Limits,
  size: (entry: Entry) => number = () => 0
): Sink {
  let places = most
  let room = bytes - RESERVE
  const limit = most < Number.POSITIVE_INFINITY ? `${most} entries` : `${bytes} bytes`

  /** How many of them fit. The last place is the note's, unless nothing is left out. */
  function fitting(entries: readonly Entry[]): number {
    let count = 0
    while (count < entries.length) {
      const needed = size(entries[count])
      if (places < (count + 1 === entries.length ? 1 : 2) || room < needed) break
      room -= needed
      places--
      count++
    }
    return count
  }

  return {
    ...sink,
    write(entries) {
      const count = fitting(entries)
      if (count === entries.length) return sink.write(entries)
      const why = `the limit of ${limit} for one invocation is reached`
      if (places < 1) throw new Error(`[nfo] [${part}] ${why}`)
      places--
      return sink.write([...entries.slice(0, count), note(entries.length - count, why)])
    }
  }
}
