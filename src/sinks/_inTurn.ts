import type { Sink } from '../core/types.ts'

/** Writes one batch at a time, as a sink expects it, and at once when it is idle. An empty one only waits. */
export function inTurn(sink: Sink): Sink['write'] {
  let busy: Promise<void> | undefined
  return function give(entries): void | Promise<void> {
    if (busy) return busy.then(() => give(entries))
    if (entries.length === 0) return
    const answer = sink.write(entries) as Promise<void> | undefined
    if (typeof answer?.then !== 'function') return
    const end = (): void => {
      busy = undefined
    }
    busy = answer.then(end, end)
    return answer
  }
}
