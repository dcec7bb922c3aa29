import type { Entry } from '../core/types.ts'
import type { Alert } from '../formats/alert.ts'
import { runtime } from '../runtimes/generic.ts'
import { now } from './_channel.ts'
import { onIdle } from './_idle.ts'

export interface RepeatsOptions {
  /** Milliseconds from a post to the next one about the same error. */
  window: number
  /** Alerts in one post. */
  batch: number
  /** Rejects when it was given up. What it sends now, it sends before it returns. */
  post(alerts: readonly Alert[]): Promise<void>
}

/** Posts what is new, and now and then how often it came again. */
export interface Repeats {
  /** Settles when what is new among them was accepted or spooled; undefined when nothing is. */
  take(entries: readonly Entry[]): Promise<void> | undefined
  /** Posts the numbers of all that came again. */
  post(): void
  /** The same for a way of posting that is done when it returns. */
  keep(store: (alerts: readonly Alert[]) => void): void
  /** How many errors came again whose number is not posted. */
  readonly waiting: number
}

/** Errors that people would call the same. */
interface Kind {
  readonly key: string
  /** The last of them, with how many came since the last post. */
  alert: Alert
  /** When a repeat may be posted; undefined before the first one was accepted. */
  until?: number
  /** The post that is on its way. */
  sending?: Promise<void>
}

const KINDS = 1000
const LOOKS = 10

function keyOf({ level, functionName, module, kind, args, exceptionType, exception }: Entry): string {
  const message = kind === 'message' && typeof args[0] === 'string' ? args[0] : ''
  return [level, module, functionName, exceptionType, exception, message].join('\0')
}

const countOne = ({ count, total, first }: Alert, entry: Entry): Alert => ({
  entry,
  count: count + 1,
  total: total + 1,
  first
})

export function createRepeats({ window, batch, post }: RepeatsOptions): Repeats {
  const kinds = new Map<string, Kind>()
  /** Those that were accepted and have come since. */
  const again = new Set<Kind>()
  let cancelTimer: (() => void) | undefined
  let stopListening: (() => void) | undefined

  const repeated = (): Kind[] => [...again].filter(({ sending }) => !sending)

  /** Nothing is known of it that would be lost with it. */
  const isIdle = ({ alert, sending }: Kind): boolean => alert.count === 0 && !sending

  /** Forgets an old one. Looks at a few only: in a storm of new ones, none may be idle. */
  function makeRoom(): void {
    for (let looks = 0; looks < LOOKS; looks++) {
      const [[key, kind]] = kinds
      kinds.delete(key)
      if (isIdle(kind)) return
      kinds.set(key, kind)
    }
  }

  function kindOf(entry: Entry): Kind {
    const key = keyOf(entry)
    const known = kinds.get(key)
    // When its time is over, and nothing had come, this one is news again.
    if (known && !(isIdle(known) && now() >= (known.until as number))) return known
    if (kinds.size >= KINDS) makeRoom()
    const kind = { key, alert: { entry, count: 0, total: 0, first: entry.timestamp } }
    // When all of them have something to say, it is posted by itself.
    if (window > 0 && kinds.size < KINDS) kinds.set(key, kind)
    return kind
  }

  function inParts(list: readonly Kind[], task: (some: readonly Kind[], alerts: readonly Alert[]) => void): void {
    for (let from = 0; from < list.length; from += batch) {
      const some = list.slice(from, from + batch)
      const alerts = some.map(({ alert }) => alert)
      for (const kind of some) {
        kind.alert = { ...kind.alert, count: 0 }
        again.delete(kind)
      }
      task(some, alerts)
    }
  }

  function postAll(list: readonly Kind[]): void {
    inParts(list, (some, alerts) => {
      const sending = post(alerts)
      for (const kind of some) kind.sending = sending
      const settle = (isAccepted: boolean): void => {
        some.forEach((kind, index) => {
          kind.sending = undefined
          if (isAccepted || kind.until !== undefined) kind.until = now() + window
          else if (kinds.get(kind.key) === kind) kinds.delete(kind.key)
          // Its number is for the next post.
          if (!isAccepted) kind.alert = { ...kind.alert, count: kind.alert.count + alerts[index].count }
          if (kind.until !== undefined && kind.alert.count > 0) again.add(kind)
        })
        schedule()
      }
      sending.then(
        () => settle(true),
        () => settle(false)
      )
    })
  }

  const postNumbers = (): void => postAll(repeated())

  /** A number that waits is posted when its time comes, and before the process ends. */
  function schedule(): void {
    const times = repeated().map(({ until = 0 }) => until)
    cancelTimer?.()
    cancelTimer = undefined
    if (times.length === 0) {
      stopListening = stopListening?.() as undefined
      return
    }
    stopListening ??= onIdle(postNumbers)
    cancelTimer = runtime.later(
      () => {
        // Those that soon may come with the one whose time has come.
        postAll(repeated().filter(({ until = 0 }) => until - window / 2 <= now()))
        schedule()
      },
      Math.min(...times) - now()
    )
  }

  return {
    take(entries) {
      const fresh = new Set<Kind>()
      const sending = new Set<Promise<void> | undefined>()
      for (const entry of entries) {
        const kind = kindOf(entry)
        kind.alert = countOne(kind.alert, entry)
        // Of an accepted one the number is all there is to post.
        if (kind.until !== undefined) again.add(kind)
        else if (kind.sending) sending.add(kind.sending)
        else fresh.add(kind)
      }
      postAll([...fresh])
      schedule()
      for (const kind of fresh) sending.add(kind.sending)
      return sending.size > 0 ? allOf(sending) : undefined
    },
    post: postNumbers,
    keep: (store) => inParts(repeated(), (_some, alerts) => store(alerts)),
    get waiting() {
      return repeated().length
    }
  }
}

/** Waits for all of them, then fails as the first that did. */
async function allOf(promises: Iterable<Promise<void> | undefined>): Promise<void> {
  const outcomes = await Promise.allSettled(promises)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
