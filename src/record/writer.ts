import { CLOSED, type Recorder } from '../core/ring.ts'
import type { Ledger } from '../core/types.ts'
import type { ExitReason, FileSystem } from '../runtimes/types.ts'
import type { RecordEnd, RecordFile } from './file.ts'
import { PARTS } from './parts.ts'
import { createPersister, type Persister } from './persist.ts'
import type { Plan } from './plan.ts'

// Kept from before anybody replaces it.
const { now } = performance

/** The main thread's hand on a file. Never throws, and what it does is not recorded, whatever the app has wrapped. */
export interface Writer {
  persist(...how: Parameters<Persister['persist']>): void
  /** Writes everything, and that this is the end. The process may go on all the same. */
  end(reason: ExitReason | 'closed'): void
  noteLedger(): void
  /** Says once on standard error what is wrong. */
  report(text: string): void
}

export interface WriterOptions {
  fs: FileSystem
  file: RecordFile
  ring: Recorder
  plan: Plan
  ledger(): Ledger
  print(line: string): void
}

export function createWriter({ fs, file, ring, plan, ledger, print }: WriterOptions): Writer {
  const { counts, count } = plan
  const clocks = { now: () => now.call(performance), wall: Date.now }
  const persister = createPersister(plan, PARTS, { fs, fd: file.fd, owner: 1, ...clocks })
  let last: RecordEnd | undefined
  let reported = false

  function report(text: string): void {
    if (!reported) print(`[nfo] [record] ${file.path}: ${text}`)
    reported = true
  }

  function unrecorded(task: () => void): void {
    const { gate } = ring
    ring.gate = CLOSED
    try {
      task()
    } catch (error) {
      report(`${(error as Error).message}; what is not written is counted as lost, check the disk`)
    } finally {
      ring.gate = gate
    }
  }

  function noteLedger(): void {
    const { accepted, delivered, dropped, failed, pending } = ledger()
    counts.set([accepted, delivered, dropped, failed, pending], count.ledger)
  }

  function writeEnd(reason: RecordEnd['reason']): void {
    const [blocks, entries] = [counts[count.blocks], counts[count.entries]]
    // The exit that follows an error or a signal says less than that.
    if (reason === 'exit' && last?.blocks === blocks) return
    last = { reason, time: Date.now(), blocks, entries }
    file.writeHeader(last)
  }

  return {
    persist: (...how) => unrecorded(() => persister.persist(...how)),
    end(reason) {
      noteLedger()
      unrecorded(() => persister.persist('always', true))
      unrecorded(() => writeEnd(reason))
    },
    noteLedger,
    report
  }
}
