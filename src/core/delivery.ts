import { createDecoder } from './decode.ts'
import { recall, take, walk } from './drain.ts'
import { isEntry, TAKEN } from './layout.ts'
import type { Settings } from './options.ts'
import { type Batch, createOutlet } from './outlet.ts'
import { alignClock, CLOSED, fullAt, openGate, type Recorder, STACK, tracing } from './ring.ts'
import type { Entry, Ledger } from './types.ts'

/** What the logger needs of a runtime. */
export interface Host {
  later(task: () => void, ms: number): (() => void) | undefined
  onExit(listener: (reason: string) => void): () => void
  print(stream: 'stderr', line: string): void
  readonly frozenClock: boolean
}

/** The way from the ring to the sinks. */
export interface Delivery {
  /** Hands everything to the sinks. */
  drain(): void
  flushSync(): void
  flush(timeoutMs: number): Promise<void>
  close(timeoutMs: number): Promise<void>
  ledger(): Ledger
  sinkLedgers(): Ledger[]
}

const now = performance.now
/** How far ahead a wish is that is not to come true: the ring is only reclaimed. */
const NEVER = 0x3fffffff
/** Words of the ring. */
const SLICE = 131_072

export function createDelivery(ring: Recorder, settings: Settings, host: Host): Delivery {
  const { sinks, delivery, overflow, interval } = settings
  const totals = { delivered: 0, dropped: 0, failed: 0 }
  const before = { accepted: ring.accepted - waiting(ring), dropped: ring.dropped }
  const decoder = createDecoder(ring)
  recall(ring, decoder)
  // More at once would be too many objects, where sinks take them at once.
  const most = sinks.every((sink) => sink.flushSync) ? SLICE : NEVER
  // Two ways to a drain: the timer, which is left to fire, and the next turn of the event loop when there is a hurry.
  let cancelTimer: (() => void) | undefined
  let cancelTurn: (() => void) | undefined
  let scheduled = 0
  let broken = false
  let draining = false

  const outlets = sinks.map((sink, index) =>
    createOutlet(sink, {
      queue: settings.queue,
      settled: (batch: Batch) => {
        totals[batch.fate] += batch.entries.length
      },
      report: (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error)
        host.print(
          'stderr',
          `[nfo] [sink ${index + 1} of ${sinks.length}] ${text}; what it does not take is counted as failed`
        )
      }
    })
  )

  function drain(): void {
    // Closed, without sinks, or another logger has taken the ring over.
    if (draining || ring.onWish !== onWish) return
    draining = true
    cancelTurn?.()
    cancelTurn = undefined
    broken = false
    // Closed already, when a getter asks for this: the record that is being written is not to be disturbed.
    const writing = ring.gate === CLOSED && !ring.refusing
    ring.gate = CLOSED
    try {
      alignClock(ring)
      for (let from = ~ring.drained; from !== ring.drained; ) {
        from = ring.drained
        const entries = take(ring, decoder, most)
        // What sinks call later is nobody's request.
        if (tracing.outside) tracing.outside(() => hand(entries))
        else hand(entries)
      }
    } finally {
      draining = false
      ring.refusing = false
      ring.gate = writing ? CLOSED : openGate(ring)
      // A call that is running may end in its place, with no new record to schedule for it.
      if (ring.depth > STACK && delivery === 'continuous' && !cancelTimer) setTimer()
      aim()
    }
  }

  function hand(entries: Entry[]): void {
    if (entries.length === 0) return
    for (const entry of entries) {
      if (settings.environment) entry.environment = settings.environment
      if (settings.version) entry.version = settings.version
    }
    const batch: Batch = { entries, waiting: outlets.length, fate: 'delivered' }
    for (const outlet of outlets) outlet.push(batch)
  }

  function setTimer(): void {
    cancelTimer?.()
    scheduled = now.call(performance)
    cancelTimer = host.later(() => {
      cancelTimer = undefined
      drain()
    }, interval)
  }

  function hurry(): void {
    cancelTurn ??= host.later(() => {
      cancelTurn = undefined
      drain()
    }, 0)
  }

  /** Says how far the ring may fill before this wants to know. */
  function aim(): void {
    const lap = ring.mask + 1
    const full = fullAt(ring)
    let room = NEVER
    if (delivery === 'continuous' && outlets.length > 0)
      room = !cancelTimer ? 0 : cancelTurn ? full : Math.min(lap >> 2, full)
    else if (overflow === 'drop-newest' && outlets.length > 0) room = full
    ring.wish = ((room === NEVER ? ring.head : ring.drained) + room) | 0
    if (((ring.wish - ring.mark) | 0) < 0) ring.mark = ring.wish
  }

  function onWish(): void {
    const lap = ring.mask + 1
    const used = (ring.head - ring.drained) | 0
    if (delivery === 'continuous') {
      // A Worker's timer dies with its request: one that is long overdue will not come.
      if (!cancelTimer || now.call(performance) - scheduled > 2 * interval + 1000) {
        cancelTurn = undefined
        setTimer()
      }
      // No timer can be set now. What can be written without waiting is.
      if (!cancelTimer && overflow === 'block') return drain()
      // A quarter: between two turns of the event loop as much again may come before the ring is full.
      if (used >= lap >> 2) hurry()
    }
    if (used >= fullAt(ring)) {
      if (overflow === 'drop-newest') ring.refusing = true
      else if (overflow === 'block' && delivery === 'continuous') drain()
    }
    aim()
    // Nothing can be scheduled now: looked at again soon, not at every call.
    if (((ring.head - ring.wish) | 0) >= 0) ring.wish = (ring.head + (lap >> 4)) | 0
  }

  function onFailure(): void {
    broken = true
    if (delivery === 'manual' || cancelTurn) return
    hurry()
    aim()
  }

  function onExit(reason: string): void {
    if (delivery === 'continuous' || (delivery === 'on-error' && (broken || reason === 'error'))) drain()
    flushOutlets()
  }

  /** What a sink calls while it writes is not recorded. */
  function flushOutlets(): void {
    const { gate } = ring
    ring.gate = CLOSED
    for (const outlet of outlets) outlet.flushSync()
    ring.gate = gate
  }

  function ledger(): Ledger {
    const accepted = ring.accepted - before.accepted
    const dropped = ring.dropped - before.dropped + totals.dropped
    const { delivered, failed } = totals
    return { accepted, delivered, dropped, failed, pending: accepted - delivered - dropped - failed }
  }

  const own: Delivery = {
    drain,
    flushSync() {
      drain()
      flushOutlets()
    },
    async flush(timeoutMs) {
      drain()
      await within(timeoutMs, () => outlets.map((outlet) => outlet.flush()))
    },
    async close(timeoutMs) {
      await own.flush(timeoutMs)
      drain()
      cancelTimer?.()
      cancelTurn?.()
      stopListening()
      if (ring.onWish === onWish) ring.onWish = ring.onFailure = undefined
      await within(timeoutMs, () => outlets.map((outlet) => outlet.close()))
    },
    ledger,
    sinkLedgers: () => outlets.map((outlet) => ({ ...outlet.ledger }))
  }
  ring.onWish = outlets.length > 0 ? onWish : undefined
  ring.onFailure = outlets.length > 0 ? onFailure : undefined
  // The next record finds out what is wished.
  ring.wish = ring.mark = ring.head
  const stopListening = outlets.length > 0 && settings.exitHooks ? host.onExit(onExit) : () => {}
  return own
}

/** Entries in the ring that nobody has taken. */
export function waiting(ring: Recorder): number {
  let count = 0
  walk(ring, ring.drained, ring.head, (_, shape) => {
    count += +isEntry(shape)
  })
  walk(ring.pinned, ring.pinned.tail, ring.pinned.head, (_, shape) => {
    count += +(isEntry(shape) && !(shape & TAKEN))
  })
  return count
}

/** Waits for all of it, but no longer than that. */
async function within(ms: number, start: () => Promise<unknown>[]): Promise<void> {
  let timer: unknown
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([Promise.allSettled(start()), late])
  clearTimeout(timer as number)
}
