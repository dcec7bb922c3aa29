import type { Entry, Stage } from '../core/types.ts'
import { holding } from './_before.ts'
import { createClock } from './_clock.ts'
import { keyOf } from './_key.ts'
import { checkNames, checkNumber } from './_options.ts'
import { remember } from './_recent.ts'

export interface DedupeOptions {
  /** How long after the first one repeats are held back, in milliseconds. @default 10000 */
  window?: number
  /** So many different ones are watched; what is held of the oldest goes when there are more. @default 1000 */
  entries?: number
  /**
   * The text by which entries are the same; one for which it throws passes on its own.
   * @default function, level, arguments, result and error; of a message its text and fields
   */
  by?: (entry: Entry) => string
}

interface Storm {
  since: number
  /** Repeats that are held. */
  count: number
  last: Entry
}

/**
 * Collapses a storm: the first of equal entries passes, repeats within the window are held, and then the last of them
 * goes on with `extra.repeated`, how many it stands for, itself included. Time is that of the entries, so what is held
 * goes with the first batch after the window, at the latest when it is flushed or closed. Throws when a limit is below
 * 1.
 *
 * @example
 *     pipe(dedupe({ window: 60_000 }), jsonSink('app.jsonl'))
 */
export function dedupe(options: DedupeOptions = {}): Stage {
  checkNames('dedupe', options, ['window', 'entries', 'by'])
  const { window = 10_000, entries: limit = 1000, by = identity } = options
  checkNumber('dedupe', 'window', window, 1)
  checkNumber('dedupe', 'entries', limit, 1)
  if (typeof by !== 'function') throw new TypeError(`[nfo] [dedupe] by is ${by}; pass a function`)
  return (next) => {
    const storms = new Map<string, Storm>()
    const time = createClock()

    function take(entry: Entry, passed: Entry[]): void {
      const now = time(entry)
      for (const [key, storm] of storms) {
        if (Math.abs(now - storm.since) < window) break
        storms.delete(key)
        release(storm, passed)
      }
      const key = attempt(by, entry)
      const storm = key === undefined ? undefined : storms.get(key)
      if (storm) {
        storm.count++
        storm.last = entry
        return
      }
      const full = key === undefined ? undefined : remember(storms, key, { since: now, count: 0, last: entry }, limit)
      if (full) release(full[1], passed)
      passed.push(entry)
    }

    function change(entries: readonly Entry[]): Entry[] {
      const passed: Entry[] = []
      for (const entry of entries) take(entry, passed)
      return passed
    }

    function rest(): Entry[] {
      const passed: Entry[] = []
      for (const storm of storms.values()) release(storm, passed)
      return passed
    }

    return holding(next, change, rest)
  }
}

function release(storm: Storm, passed: Entry[]): void {
  const { count, last } = storm
  if (count === 1) passed.push(last)
  else if (count > 1) passed.push({ ...last, extra: { ...last.extra, repeated: count } })
  storm.count = 0
}

/** Fields of a message are what it says; those of a call come from around it, such as the id of a request. */
function identity(entry: Entry): string {
  const { kind, level, module, functionName, args, returnValue, exceptionType, exception, extra } = entry
  const said = kind === 'message' ? extra : returnValue
  return keyOf([kind, level, module, functionName, args, exceptionType, exception, said])
}

function attempt(by: (entry: Entry) => string, entry: Entry): string | undefined {
  try {
    return by(entry)
  } catch {
    return undefined
  }
}
