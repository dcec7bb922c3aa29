import type { Recorder } from '../core/ring.ts'
import type { Runtime, Thread } from '../runtimes/types.ts'
import type { Plan } from './plan.ts'
import { type ThreadData, threadSource } from './thread.ts'
import type { Writer } from './writer.ts'

/** How often the main thread writes down where the entries are with the sinks. */
const LEDGER_MS = 250

export interface FollowOptions {
  runtime: Runtime
  ring: Recorder
  writer: Writer
  data: ThreadData
  /** Whether a call waits until it is in the file. */
  each: boolean
}

/**
 * Decides who writes when. Mostly the thread does. Until it is up the main thread writes each record, and always what is
 * about to be overwritten in the ring. Where there is no thread, or no more, the main thread writes now and then.
 * Returns how to end it.
 */
export function follow({ runtime, ring, writer, data, each }: FollowOptions): () => void {
  const { state, at }: Plan = data.plan
  let thread: Thread | undefined
  let alone = false
  let cancelPass: (() => void) | undefined
  let cancelLedger: (() => void) | undefined

  function onRecord(): void {
    if (!alone || each) writer.persist('none')
    else cancelPass ??= runtime.later(onTime, data.interval)
    if (!alone && !each && Atomics.load(state, at.ready) === 1) ring.onRecord = undefined
  }

  function onTime(): void {
    cancelPass = undefined
    writer.persist('changed')
  }

  function onReclaim(goal: number): void {
    if (!alone && ((state[at.persisted] - goal) | 0) >= 0) return
    writer.persist('changed', true)
    if (thread && state[at.stop] === 1) goAlone('the thread did not answer for a second')
  }

  function onLedgerTime(): void {
    writer.noteLedger()
    cancelLedger = runtime.later(onLedgerTime, LEDGER_MS)
  }

  function goAlone(reason?: string): void {
    if (reason) writer.report(`${reason}; the main thread writes, and nothing does while it is stuck`)
    thread?.stop()
    thread = undefined
    alone = true
    // It may have died while it wrote.
    Atomics.compareExchange(state, at.lock, 2, 0)
    ring.onRecord = onRecord
  }

  function startThread(): void {
    try {
      thread = runtime.startThread?.(threadSource(), data)
    } catch (error) {
      return goAlone(`cannot start a thread: ${(error as Error).message}`)
    }
    if (!thread) return goAlone()
    thread.onError((error) => thread && goAlone(`the thread ended: ${(error as Error).message}`))
    thread.onMessage((trouble) => writer.report(`${trouble}; it is tried again, check the disk`))
  }

  function stop(): void {
    if (ring.onReclaim === onReclaim) ring.onReclaim = undefined
    if (ring.onRecord === onRecord) ring.onRecord = undefined
    cancelPass?.()
    cancelLedger?.()
    Atomics.store(state, at.stop, 1)
    Atomics.notify(state, at.stop)
    // While the thread still runs: it may be writing, and lets go of the lock.
    writer.end('closed')
    thread?.stop()
    thread = undefined
  }

  Object.assign(ring, { onReclaim, onRecord })
  startThread()
  writer.persist('changed')
  cancelLedger = runtime.later(onLedgerTime, LEDGER_MS)
  return stop
}
