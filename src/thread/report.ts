import type { Batch, Outlet } from '../core/outlet.ts'
import { AT, COUNT, LEDGER, MOST_SINKS, type State } from './state.ts'

/** Writes down, where the main thread reads it, what became of the entries. */
export interface Report {
  settled(fate: Batch['fate'], entries: number): void
  /** The ledgers of the sinks, and what they have locked. */
  sinks(outlets: readonly Outlet[]): void
}

export function createReport({ words, counts, locks }: State, count: number): Report {
  const utf8 = new TextEncoder()
  let held = 0
  Atomics.store(words, AT.sinks, Math.min(count, MOST_SINKS))
  return {
    settled(fate, entries) {
      counts[COUNT[fate]] += entries
    },
    sinks(outlets) {
      for (const [index, { ledger }] of outlets.slice(0, MOST_SINKS).entries())
        counts.set(
          LEDGER.map((name) => ledger[name]),
          COUNT.sinks + index * LEDGER.length
        )
      const paths = locksHeld()
      if (paths.size === held) return
      held = paths.size
      Atomics.store(words, AT.locks, utf8.encodeInto(JSON.stringify([...paths]), locks).written)
    }
  }
}

/** The lock files that this thread holds; see `drivers/_imageLock.ts`. */
function locksHeld(): ReadonlySet<string> {
  return (globalThis as { [key: symbol]: Set<string> | undefined })[Symbol.for('nfo.locks')] ?? new Set()
}
