import type { Entry, Sink } from '../core/types.ts'

/** One batch after the other. */
export interface Turns {
  /** Writes one batch at a time, as a sink expects it, and at once when it is idle. An empty one only waits. */
  give: Sink['write']
  /** Writes what waits for its turn: on the way out of a process there is none. */
  rush(): void
}

export function inTurn(sink: Sink): Turns {
  const waiting: (() => void)[] = []
  let busy = 0

  function send(entries: readonly Entry[]): void | Promise<void> {
    const answer = entries.length > 0 ? (sink.write(entries) as Promise<void> | undefined) : undefined
    if (typeof answer?.then !== 'function') return
    busy++
    const end = (): void => {
      busy--
      while (busy === 0 && waiting.length > 0) waiting.shift()?.()
    }
    answer.then(end, end)
    return answer
  }

  return {
    give(entries) {
      if (busy === 0) return send(entries)
      return new Promise((resolve) => waiting.push(() => resolve(sent(() => send(entries)))))
    },
    rush() {
      for (const write of waiting.splice(0)) write()
    }
  }
}

/** As a promise also when it throws. */
async function sent(write: () => void | Promise<void>): Promise<void> {
  await write()
}
