import type { Entry } from '../core/types.ts'
import { fromRow } from '../formats/row.ts'
import { epochMillis, isoMicros } from '../formats/time.ts'

/** What happened in a span of time. */
export interface Count {
  calls: number
  /** Calls of level error or fatal: those that threw. */
  errors: number
}

export interface Hour extends Count {
  /** Its begin, such as `2026-11-22T22:00:00+00:00`. */
  hour: string
}

/**
 * One function. Milliseconds; undefined where no call has a duration. A percentile is the nearest rank, so always one of the
 * durations: at least so many percent of all are not above it.
 */
export interface FunctionStats extends Count {
  name: string
  module: string
  errorRate: number
  p50: number | undefined
  p95: number | undefined
  p99: number | undefined
  max: number | undefined
  mean: number | undefined
}

/** Of the entries that meet a filter. Rates are from 0 to 1, 0 where there are no calls. */
export interface Stats extends Count {
  /** Counted apart from calls, in nothing else. */
  messages: number
  errorRate: number
  /** Times of the oldest and the newest entry, ISO-8601; undefined when there is none. */
  from: string | undefined
  to: string | undefined
  /** The most called first. */
  functions: FunctionStats[]
  /** Those in which something was called, the earliest first. */
  hours: Hour[]
  /** Up to 10 entries. */
  slowest: Entry[]
  /** Up to 10 functions with errors, most errors first. */
  failing: FunctionStats[]
}

/** Takes one entry at a time; 8 bytes stay of each call, so that percentiles are exact. */
export interface Tally {
  /** Values of a table: function_name, module, level, kind, timestamp (of one in UTC 13 characters will do), duration_ms. */
  add(cells: readonly unknown[]): void
  take(rest: Pick<Stats, 'slowest' | 'from' | 'to'>): Stats
}

interface Named extends Count {
  name: string
  module: string
  durations: Float64Array
  timed: number
}

export function createTally(): Tally {
  const modules = new Map<unknown, Map<unknown, Named>>()
  const hours = new Map<string, Count>()
  const total = { calls: 0, errors: 0, messages: 0 }
  let hour = ''
  let inHour: Count = { calls: 0, errors: 0 }

  function namedOf(functionName: unknown, module: unknown): Named {
    const functions = modules.get(module) ?? new Map<unknown, Named>()
    modules.set(module, functions)
    const named = functions.get(functionName) ?? createNamed(functionName, module)
    functions.set(functionName, named)
    return named
  }

  function countIn(begin: string): Count {
    // Mostly it is the same as the last time.
    if (begin === hour) return inHour
    hour = begin
    inHour = hours.get(hour) ?? { calls: 0, errors: 0 }
    hours.set(hour, inHour)
    return inHour
  }

  return {
    add([functionName, module, level, kind, timestamp, duration]) {
      if (kind === 'message') {
        total.messages++
        return
      }
      const named = namedOf(functionName, module)
      const isError = level === 'ERROR' || level === 'CRITICAL'
      for (const count of [total, named, countIn(hourOf(String(timestamp)))]) {
        count.calls++
        if (isError) count.errors++
      }
      if (typeof duration === 'number' && duration < Number.POSITIVE_INFINITY) keep(named, duration)
    },
    take({ slowest, from, to }) {
      const functions = [...modules.values()].flatMap((named) => [...named.values()].map(statsOf)).sort(byCalls)
      return {
        ...total,
        errorRate: rate(total),
        from,
        to,
        functions,
        hours: [...hours].sort().map(([begin, count]) => ({ hour: `${begin}:00:00+00:00`, ...count })),
        slowest,
        failing: functions
          .filter(({ errors }) => errors > 0)
          .sort((one, other) => other.errors - one.errors)
          .slice(0, 10)
      }
    }
  }
}

const hourOf = (time: string): string => (time.length === 13 ? time : isoMicros(epochMillis(time)).slice(0, 13))

/** Names stand in a table in a way that holds any text; see `fromRow`. */
function createNamed(name: unknown, module: unknown): Named {
  const entry = fromRow({ function_name: name, module })
  return {
    name: entry.functionName,
    module: entry.module,
    calls: 0,
    errors: 0,
    durations: new Float64Array(16),
    timed: 0
  }
}

function keep(named: Named, duration: number): void {
  if (named.timed === named.durations.length) {
    const more = new Float64Array(named.timed * 2)
    more.set(named.durations)
    named.durations = more
  }
  named.durations[named.timed] = duration
  named.timed++
}

function statsOf({ name, module, calls, errors, durations, timed }: Named): FunctionStats {
  const sorted = durations.subarray(0, timed).sort()
  const rank = (percent: number): number | undefined => sorted[Math.max(1, Math.ceil((percent / 100) * timed)) - 1]
  const sum = sorted.reduce((all, duration) => all + duration, 0)
  return {
    name,
    module,
    calls,
    errors,
    errorRate: rate({ calls, errors }),
    p50: rank(50),
    p95: rank(95),
    p99: rank(99),
    max: sorted.at(-1),
    mean: timed === 0 ? undefined : sum / timed
  }
}

const rate = ({ calls, errors }: Count): number => (calls === 0 ? 0 : errors / calls)

function byCalls(one: FunctionStats, other: FunctionStats): number {
  return other.calls - one.calls || compare(one.name, other.name) || compare(one.module, other.module)
}

const compare = (one: string, other: string): number => (one < other ? -1 : +(one > other))
