import type { Entry } from '../core/types.ts'
import type { Filter } from './filter.ts'
import type { Stats } from './stats.ts'

/** Entries that were written somewhere. */
export interface Store {
  /**
   * The entries that meet a filter, one by one; whoever stops asking stops the reading. Without `order` they come as they were
   * written, in constant memory. A database is read in pages; a text file holds in memory what `order` has to sort, at most
   * twice the `limit`.
   */
  query(filter?: Filter): AsyncIterable<Entry>
  /** How many meet it, whatever its `limit`. */
  count(filter?: Filter): Promise<number>
  /** What the calls among them did, whatever its `limit` and `order`. Takes 8 bytes a call. */
  stats(filter?: Filter): Promise<Stats>
  /** What meets it and is written from this call on, until the signal or for ever; its `limit` and `order` are about `existing`. */
  follow(filter?: Filter, options?: FollowOptions): AsyncIterable<Entry>
  /** Lines and records that were torn or none at all when the file was last read; none in a database. */
  readonly skipped: number
  close(): Promise<void>
}

export interface FollowOptions {
  /** Ends it; no error. */
  signal?: AbortSignal
  /** Whether what is there comes first: as it was written, with a `limit` the newest of it. @default false */
  existing?: boolean
  /** Milliseconds between two looks. @default 250 */
  interval?: number
}

/** Waits for the next look. False when the signal ended it. */
export function createPause({ signal, interval = 250 }: FollowOptions): () => Promise<boolean> {
  return async () => {
    if (signal?.aborted) return false
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, interval)
      signal?.addEventListener('abort', done)
      function done(): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
    })
    return !signal?.aborted
  }
}
