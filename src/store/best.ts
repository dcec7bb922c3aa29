import type { Order } from './filter.ts'
import { type Found, keyOf } from './source.ts'

/** Collects what comes first in an order. */
export interface Best {
  add(found: Found): void
  /** In that order; of equals the one that was written later comes first, but for `oldest`. */
  take(): Found[]
}

interface Ranked {
  found: Found
  key: string | number
  position: number
}

/** Keeps no more than twice the limit, so that a file of any size can be searched for its newest or slowest. */
export function keepBest(order: Order, limit: number): Best {
  const sign = order === 'oldest' ? 1 : -1
  const compare = (one: Ranked, other: Ranked): number =>
    sign * (one.key === other.key ? one.position - other.position : one.key < other.key ? -1 : 1)
  let kept: Ranked[] = []
  let worst: Ranked | undefined
  let position = 0

  function cut(): void {
    kept.sort(compare)
    if (kept.length > limit) kept.length = limit
    worst = kept.length === limit ? kept.at(-1) : undefined
  }

  return {
    add(found) {
      position++
      const ranked = { found, key: keyOf(found, order), position }
      if (worst && compare(ranked, worst) > 0) return
      kept.push(ranked)
      if (kept.length >= 2 * limit) cut()
    },
    take() {
      cut()
      const taken = kept
      kept = []
      return taken.map(({ found }) => found)
    }
  }
}
