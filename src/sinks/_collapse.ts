import type { Entry } from '../core/types.ts'
import type { Alert } from '../formats/alert.ts'
import { now } from './_channel.ts'

/** Errors of one kind. */
export interface Kind {
  entry: Entry
  /** Since the last post. */
  count: number
  total: number
  first: number
  /** When a repeat may be posted. `Infinity` before the first post has been accepted. */
  until: number
  /** The last post. */
  sending?: Promise<void>
  /** Being posted. */
  isBusy: boolean
}

/** Tells what is new from what only repeats. */
export interface Collapse {
  /** Counts an entry; its kind is new when `sending` is not set, and was accepted when `until` is finite. */
  count(entry: Entry): Kind
  /** The kinds that have repeated: all, or as soon as one may be posted, those that soon may. */
  due(all?: boolean): Kind[]
  /** Milliseconds until some kind is due; undefined when none has repeated. */
  wait(): number | undefined
  /** What there is to post of it. `accepted` or `refused` has to follow. */
  take(kind: Kind): Alert
  accepted(kind: Kind): void
  /** Nothing of it was posted: its number is for the next post; a kind that was new is forgotten. */
  refused(kind: Kind, alert: Alert): void
}

const KINDS = 1000

/** By what people would call the same error. */
function keyOf({ level, functionName, module, kind, args, exceptionType, exception }: Entry): string {
  const message = kind === 'message' && typeof args[0] === 'string' ? args[0] : ''
  return [level, module, functionName, exceptionType, exception, message].join('\0')
}

export function createCollapse(window: number): Collapse {
  const kinds = new Map<string, Kind>()

  function makeRoom(): void {
    if (kinds.size < KINDS) return
    for (const [key, { count, until, isBusy }] of kinds) {
      if (count === 0 && until < Infinity && !isBusy) return void kinds.delete(key)
    }
  }

  const repeated = (): Kind[] =>
    [...kinds.values()].filter(({ count, until, isBusy }) => count > 0 && until < Infinity && !isBusy)

  return {
    count(entry) {
      const key = keyOf(entry)
      let kind = kinds.get(key)
      // Its time is over, and nothing had come: this one is news again.
      if (kind?.count === 0 && !kind.isBusy && now() >= kind.until) kind = undefined
      if (!kind) {
        makeRoom()
        kind = { entry, count: 0, total: 0, first: entry.timestamp, until: Infinity, isBusy: false }
        // When all of them have something to say, it is posted by itself.
        if (window > 0 && kinds.size < KINDS) kinds.set(key, kind)
      }
      kind.entry = entry
      kind.count++
      kind.total++
      return kind
    },
    due(all = false) {
      const list = repeated()
      if (all) return list
      const isDue = list.some(({ until }) => until <= now())
      return isDue ? list.filter(({ until }) => until - window / 2 <= now()) : []
    },
    wait() {
      const times = repeated().map(({ until }) => until - now())
      return times.length > 0 ? Math.min(...times) : undefined
    },
    take(kind) {
      const { entry, count, total, first } = kind
      kind.count = 0
      kind.isBusy = true
      return { entry, count, total, first }
    },
    accepted(kind) {
      kind.isBusy = false
      kind.until = now() + window
    },
    refused(kind, { count }) {
      kind.isBusy = false
      kind.count += count
      if (kind.until < Infinity) kind.until = now() + window
      else for (const [key, one] of kinds) if (one === kind) kinds.delete(key)
    }
  }
}
