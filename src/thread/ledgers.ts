import type { Ledger } from '../core/types.ts'
import { AT, COUNT, LEDGER, type State } from './state.ts'

export const sum = (one: Ledger, other: Ledger): Ledger => ({
  accepted: one.accepted + other.accepted,
  delivered: one.delivered + other.delivered,
  dropped: one.dropped + other.dropped,
  failed: one.failed + other.failed,
  pending: one.pending + other.pending
})

/** What became of the entries that the worker has taken. */
export function totalOf({ counts }: State): Pick<Ledger, 'delivered' | 'dropped' | 'failed'> {
  return { delivered: counts[COUNT.delivered], dropped: counts[COUNT.dropped], failed: counts[COUNT.failed] }
}

/** Of each sink; of so many before the worker says how many there are. */
export function sinkLedgersOf({ words, counts }: State, expected: number): Ledger[] {
  return Array.from({ length: Atomics.load(words, AT.sinks) || expected }, (_, index) => {
    const at = COUNT.sinks + index * LEDGER.length
    const [accepted, delivered, dropped, failed] = counts.subarray(at, at + LEDGER.length)
    return { accepted, delivered, dropped, failed, pending: accepted - delivered - dropped - failed }
  })
}

/** A ledger of what nobody will answer for any more. */
export const ended = (one: Ledger): Ledger => ({ ...one, failed: one.failed + one.pending, pending: 0 })
