import { createDelivery, type Delivery, type Host, waiting } from '../core/delivery.ts'
import type { Settings } from '../core/options.ts'
import { resize } from '../core/resize.ts'
import { CONTROL_HEAD, openGate, type Recorder } from '../core/ring.ts'
import type { Ledger } from '../core/types.ts'
import { ended, sinkLedgersOf, sum, totalOf } from './ledgers.ts'
import type { Link } from './link.ts'
import { followNames } from './messages.ts'
import { createRequests, time } from './requests.ts'
import { createRoom } from './room.ts'
import { AT, createState, ENDED, type State } from './state.ts'

export interface WorkerOptions {
  /** Starts the worker; `ended` is called a moment after it has ended. */
  start(ring: Recorder, state: State, settings: Settings, ended: (reason: string) => void): Link
  /** Lets go of what a dead worker has locked. */
  release(state: State): void
  /** Milliseconds. */
  patience: number
}

/**
 * The way from the ring to sinks in a worker, which takes the records out of the shared ring itself. The sinks of the settings
 * belong to this thread: it goes on with them when the worker is no more.
 */
export function createThreadDelivery(
  ring: Recorder,
  settings: Settings,
  host: Host,
  { start, release, patience }: WorkerOptions
): Delivery {
  const { delivery } = settings
  if (!ring.shared || ring.mask === 0) resize(ring, ring.size, true)
  const state = createState()
  const { words } = state
  const before = { accepted: ring.accepted - waiting(ring), dropped: ring.dropped }
  Atomics.store(ring.control as Int32Array, CONTROL_HEAD, ring.head)
  words[AT.drained] = words[AT.limit] = ring.drained
  /** What the worker did, once it is no more, and who goes on. */
  let past: { ledger: Ledger; sinks: Ledger[] } | undefined
  let local: Delivery | undefined
  let broken = false
  let closed = false
  let cancelTurn: (() => void) | undefined

  const link = start(ring, state, settings, (reason) => returnHere(reason))
  const forgetNames = followNames(ring, link.send)
  const owns = (): boolean => ring.onWish === onWish
  const giveUp = (): void =>
    returnHere(
      words[AT.phase] === ENDED ? 'the worker ended by itself' : `the worker got nothing done for ${patience} ms`
    )
  const room = createRoom({ ring, settings, host, state, link, owns, giveUp })
  const requests = createRequests(state, link, patience)
  const isOver = (): boolean => past !== undefined || closed

  function onWish(): void {
    room.attend()
    if (local) ring.onWish?.()
  }

  function onFailure(): void {
    broken = true
    if (delivery === 'manual') return
    cancelTurn ??= host.later(() => {
      cancelTurn = undefined
      drain()
    }, 0)
  }

  /** Lets the worker take everything that there is now. */
  function drain(): void {
    if (local) return local.drain()
    if (!owns()) return
    room.sync()
    room.sendKept()
    Atomics.store(words, AT.limit, ring.head)
    link.wake()
    room.aim()
  }

  /** What the worker held is lost, and counted. All else is in the ring. */
  function returnHere(reason: string): void {
    if (isOver()) return
    const isOwner = owns()
    link.stop()
    forgetNames()
    release(state)
    room.sync()
    const left = isOwner ? waiting(ring) : 0
    const { pending, ...known } = ledger()
    const failed = known.failed + pending - left
    past = {
      ledger: { ...known, accepted: known.accepted - left, failed, pending: 0 },
      sinks: sinkLedgersOf(state, settings.sinks.length).map(ended)
    }
    const lost = failed - known.failed
    const held = lost > 0 ? `; ${lost} entries that it held count as failed` : ''
    host.print('stderr', `[nfo] [thread] ${reason}; the main thread writes from here on${held}`)
    if (!isOwner) return
    if (ring.refusing) host.later(() => reopen(ring), 0)
    local = createDelivery(ring, settings, host)
    if (delivery === 'continuous' || (delivery === 'on-error' && broken)) local.drain()
  }

  function flushSync(): void {
    drain()
    if (!isOver() && !requests.write()) giveUp()
    room.sync()
    local?.flushSync()
  }

  function onExit(reason: string): void {
    // What goes on here has a listener of its own.
    if (isOver()) return
    if (delivery === 'continuous' || (delivery === 'on-error' && (broken || reason === 'error'))) drain()
    if (!requests.write()) return giveUp()
    room.sync()
    requests.finish()
  }

  function ledger(): Ledger {
    if (past) return local ? sum(past.ledger, local.ledger()) : past.ledger
    const own = totalOf(state)
    const accepted = ring.accepted - before.accepted
    const dropped = ring.dropped - before.dropped + own.dropped
    return { ...own, accepted, dropped, pending: accepted - own.delivered - dropped - own.failed }
  }

  function sinkLedgers(): Ledger[] {
    if (!past) return sinkLedgersOf(state, settings.sinks.length)
    const { sinks } = past
    return local?.sinkLedgers().map((one, index) => (sinks[index] ? sum(sinks[index], one) : one)) ?? sinks
  }

  function end(): void {
    closed = true
    cancelTurn?.()
    stopListening()
    forgetNames()
    if (owns()) ring.onWish = ring.onFailure = undefined
    link.stop()
  }

  const own: Delivery = {
    drain,
    flushSync,
    async flush(timeoutMs) {
      const until = time() + timeoutMs
      drain()
      await requests.flush(until, isOver)
      room.sync()
      await local?.flush(Math.max(0, until - time()))
    },
    async close(timeoutMs) {
      const until = time() + timeoutMs
      // The ring is somebody else's by now, or everything in it is taken first.
      if (owns()) await own.flush(timeoutMs)
      drain()
      Atomics.store(words, AT.closing, 1)
      await requests.flush(until, isOver)
      if (past) stopListening()
      else end()
      await local?.close(Math.max(0, until - time()))
    },
    ledger,
    sinkLedgers
  }
  ring.onWish = onWish
  ring.onFailure = onFailure
  room.sendKept()
  room.aim()
  // The next record finds out what is wished.
  ring.mark = ring.head
  const stopListening = settings.exitHooks ? host.onExit(onExit) : () => {}
  return own
}

/** In a turn of its own, when no record is being written. */
function reopen(ring: Recorder): void {
  ring.refusing = false
  ring.gate = openGate(ring)
}
