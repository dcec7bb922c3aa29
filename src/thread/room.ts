import type { Host } from '../core/delivery.ts'
import type { Settings } from '../core/options.ts'
import { fullAt, openGate, type Recorder } from '../core/ring.ts'
import type { Link } from './link.ts'
import { takeKept } from './messages.ts'
import { AT, type State } from './state.ts'

/** How often a full ring is looked at again while it refuses what is new, in milliseconds. */
const LOOK_AGAIN_MS = 5
/** A worker that hangs is not sent more and more. */
const MOST_AHEAD = 64

export interface RoomOptions {
  ring: Recorder
  settings: Settings
  host: Host
  state: State
  link: Link
  /** Whether the ring still belongs to this delivery. */
  owns(): boolean
  /** The worker does not take what it should. */
  giveUp(): void
}

/** Sees to it that nothing takes the place of a record that the worker has not taken, unless the policy says so. */
export interface Room {
  /** Learns how far the worker has taken the ring. */
  sync(): void
  /** Says how far the ring may fill before this wants to know. */
  aim(): void
  /** Called when it has. */
  attend(): void
  /** Sends what only this thread can take. */
  sendKept(): void
}

export function createRoom({ ring, settings, host, state, link, owns, giveUp }: RoomOptions): Room {
  const { words } = state
  const continuous = settings.delivery === 'continuous'
  const used = (): number => (ring.head - ring.drained) | 0
  const lap = (): number => ring.mask + 1
  const enough = (): number => fullAt(ring) - (lap() >> 4)
  const hasRoom = (): boolean => used() <= enough()

  function sync(): void {
    const drained = Atomics.load(words, AT.drained)
    if (owns() && ((drained - ring.drained) | 0) > 0) ring.drained = drained
  }

  function aim(): void {
    const quarter = lap() >> 2
    ring.wish = (ring.drained + (continuous && used() < quarter ? quarter : fullAt(ring))) | 0
    if (((ring.head - ring.wish) | 0) >= 0) ring.wish = ring.head
    if (((ring.wish - ring.mark) | 0) < 0) ring.mark = ring.wish
  }

  function sendKept(): void {
    const kept = takeKept(ring)
    if (kept) link.send({ kept })
  }

  /** The oldest go. The worker takes nothing meanwhile: it would read what is being written. */
  function drop(): void {
    const isDone = link.alone(() => {
      sync()
      ring.giveUp((ring.head - enough()) | 0)
      Atomics.store(words, AT.drained, ring.drained)
    })
    if (!isDone) return giveUp()
    const ahead = Atomics.load(words, AT.sent) - Atomics.load(words, AT.received)
    if (continuous && ahead < MOST_AHEAD) sendKept()
  }

  function refuse(): void {
    ring.refusing = true
    host.later(reopen, LOOK_AGAIN_MS)
  }

  function reopen(): void {
    if (!owns() || !ring.refusing) return
    sync()
    if (!hasRoom()) return refuse()
    ring.refusing = false
    ring.gate = openGate(ring)
    aim()
  }

  function makeRoom(): void {
    // What comes all the same are the ends of calls that were running.
    if (settings.overflow === 'drop-newest' && !ring.refusing) return refuse()
    if (settings.overflow !== 'block' || !continuous) return drop()
    const isDone = link.wait(() => {
      sync()
      return hasRoom()
    })
    if (!isDone) giveUp()
  }

  return {
    sync,
    aim,
    sendKept,
    attend() {
      sync()
      if (continuous && used() >= lap() >> 2) link.wake()
      if (used() >= fullAt(ring)) makeRoom()
      if (owns()) aim()
    }
  }
}
