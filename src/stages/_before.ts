import { pipe } from '../core/pipe.ts'
import type { Entry, Sink } from '../core/types.ts'

/** What becomes of a batch. The batch and its entries belong to other sinks too: what is to differ is copied. */
export type Change = (entries: readonly Entry[]) => readonly Entry[]

/** What was held back and has to go now; `isEnd` when more may never come, which is not so for a mere flush. */
export type Rest = (isEnd: boolean) => readonly Entry[]

/** A sink in front of `next` that changes what passes. A batch of which nothing is left is not written. */
export function before(next: Sink, change: Change): Sink {
  return pipe(({ write }) => ({ write: (entries) => give(write, change(entries)) }), next)
}

/** The same; what was held back goes before `next` is flushed or closed. */
export function holding(next: Sink, change: Change, rest: Rest): Sink {
  const own = ({ write }: Sink): Sink => ({
    write: (entries) => give(write, change(entries)),
    flush: () => give(write, rest(false)),
    flushSync: () => void give(write, rest(true)),
    close: () => give(write, rest(true))
  })
  return pipe(own, next)
}

function give(write: Sink['write'], entries: readonly Entry[]): void | Promise<void> {
  return entries.length > 0 ? write(entries) : undefined
}
