import type { Entry, Ledger, Sink } from './types.ts'

/** Entries on their way to every sink, and the worst that happened to them. */
export interface Batch {
  readonly entries: readonly Entry[]
  waiting: number
  fate: 'delivered' | 'dropped' | 'failed'
}

/** One sink with its own queue and its own counts, so that its faults stay its own. */
export interface Outlet {
  push(batch: Batch): void
  /** Writes what can be written without waiting. */
  flushSync(): void
  /** Settles when everything that was pushed before has been answered and the sink has flushed. */
  flush(): Promise<void>
  close(): Promise<void>
  readonly ledger: Ledger
}

export interface OutletOptions {
  /** Entries that may wait for a slow sink; the oldest are dropped beyond that. */
  queue: number
  /** Called once for a row of failures. */
  report(error: unknown): void
  /** Called when a batch has left its last sink. */
  settled(batch: Batch): void
}

export function createOutlet(sink: Sink, { queue, report, settled }: OutletOptions): Outlet {
  const waiting: Batch[] = []
  const ledger: Ledger = { accepted: 0, delivered: 0, dropped: 0, failed: 0, pending: 0 }
  let busy: Promise<void> | undefined
  let reported = false
  let queued = 0

  function end(batch: Batch, fate: Batch['fate']): void {
    ledger[fate] += batch.entries.length
    ledger.pending -= batch.entries.length
    if (fate === 'failed' || batch.fate === 'delivered') batch.fate = fate
    if (--batch.waiting === 0) settled(batch)
  }

  function failed(error: unknown): void {
    if (!reported) report(error)
    reported = true
  }

  function refuse(batch: Batch, error: unknown): void {
    failed(error)
    end(batch, 'failed')
  }

  function take(batch: Batch): void {
    reported = false
    end(batch, 'delivered')
  }

  function write(batch: Batch): void {
    try {
      const answer = sink.write(batch.entries) as Promise<void> | undefined
      if (typeof answer?.then !== 'function') return take(batch)
      busy = Promise.resolve(answer)
        .then(
          () => take(batch),
          (error) => refuse(batch, error)
        )
        .then(() => {
          busy = undefined
          writeNext()
        })
    } catch (error) {
      refuse(batch, error)
    }
  }

  function writeNext(): void {
    while (!busy && waiting.length > 0) {
      const batch = waiting.shift() as Batch
      queued -= batch.entries.length
      write(batch)
    }
  }

  function attempt(task: () => void | Promise<void>): Promise<void> {
    return Promise.resolve().then(task).catch(failed)
  }

  const idle = async (): Promise<void> => {
    while (busy) await busy
  }

  return {
    ledger,
    push(batch) {
      ledger.accepted += batch.entries.length
      ledger.pending += batch.entries.length
      if (!busy) return write(batch)
      waiting.push(batch)
      queued += batch.entries.length
      while (queued > queue && waiting.length > 1) {
        const oldest = waiting.shift() as Batch
        queued -= oldest.entries.length
        end(oldest, 'dropped')
      }
    },
    flushSync() {
      if (!sink.flushSync) return
      // The one that is under way keeps its turn; what waits behind it must not be lost with the process.
      for (const batch of waiting.splice(0)) {
        queued -= batch.entries.length
        write(batch)
      }
      try {
        sink.flushSync()
      } catch (error) {
        failed(error)
      }
    },
    async flush() {
      await idle()
      await attempt(() => sink.flush?.())
    },
    async close() {
      await attempt(() => sink.close?.())
    }
  }
}
