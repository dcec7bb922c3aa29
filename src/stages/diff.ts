import type { Entry, Stage } from '../core/types.ts'
import { before } from './_before.ts'
import { isWhole, keyOf } from './_key.ts'
import { checkNames, checkNumber } from './_options.ts'
import { remember } from './_recent.ts'

export interface DiffOptions {
  /**
   * So many calls, each a function with its arguments, are remembered; the one not seen for longest goes first.
   * @default 1000
   */
  calls?: number
  /** Entries of earlier versions to compare with, oldest first, such as a store gives. @default none */
  earlier?: Iterable<Entry>
}

/** What a call gave in one version. */
interface Outcome {
  version: string
  /** The same for the same result. */
  key: string
  shown: Record<string, unknown>
}

/** The outcome of the last version, then that of the one before. */
type Known = Map<string, readonly Outcome[]>

/**
 * Finds calls whose result, or error, is not what another version gave for the same function and arguments, and writes
 * into `extra.diff` what that was: `{ version, returnValue }` or `{ version, exception, exceptionType }`. Each change is
 * marked once. Left alone are entries without a version and calls whose arguments were cut or redacted. Throws when
 * `calls` is below 1.
 *
 * @example
 *     pipe(diff({ earlier: yesterday }), jsonSink('app.jsonl'))
 */
export function diff(options: DiffOptions = {}): Stage {
  checkNames('diff', options, ['calls', 'earlier'])
  const { calls = 1000, earlier = [] } = options
  checkNumber('diff', 'calls', calls, 1)
  const start: Known = new Map()
  for (const entry of earlier) compare(start, entry, calls)
  return (next) => {
    const known = new Map(start)
    return before(next, (entries) => entries.map((entry) => mark(entry, compare(known, entry, calls))))
  }
}

const mark = (entry: Entry, other: Outcome | undefined): Entry =>
  other ? { ...entry, extra: { ...entry.extra, diff: { version: other.version, ...other.shown } } } : entry

/** Remembers the outcome; gives that of another version when it is not the same and this is news. */
function compare(known: Known, entry: Entry, limit: number): Outcome | undefined {
  const { kind, open, version, extra, module, functionName, args } = entry
  if (!version || kind !== 'call' || open || extra.truncated || extra.argsLost) return undefined
  const call = keyOf([module, functionName, args])
  const now = outcomeOf(entry, version)
  if (!isWhole(call) || !isWhole(now.key)) return undefined
  const seen = known.get(call) ?? []
  const own = seen.find((outcome) => outcome.version === version)
  const other = seen.find((outcome) => outcome.version !== version)
  remember(known, call, other ? [now, other] : [now], limit)
  return own?.key === now.key || other?.key === now.key ? undefined : other
}

function outcomeOf({ returnValue, exception, exceptionType }: Entry, version: string): Outcome {
  if (exception === undefined) return { version, key: keyOf(returnValue), shown: { returnValue } }
  return { version, key: `error ${keyOf([exceptionType, exception])}`, shown: { exception, exceptionType } }
}
