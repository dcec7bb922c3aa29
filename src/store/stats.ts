import type { Entry } from '../core/types.ts'

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

/** What entries have in common that count for the same. */
export interface Alike {
  name: string
  module: string
  /** The first 13 characters of a time in UTC. */
  hour: string
  isError: boolean
  isMessage: boolean
}

/** Counts one entry with its duration. */
export type Counter = (duration: unknown) => void

/** Collects statistics; 8 bytes stay of each call, so that percentiles are exact. */
export interface Tally {
  counterOf(alike: Alike): Counter
  take(rest: Pick<Stats, 'slowest' | 'from' | 'to'>): Stats
}

interface Named extends Count {
  name: string
  module: string
  durations: Float64Array
  timed: number
}

export function createTally(): Tally {
  const functions = new Map<string, Map<string, Named>>()
  const hours = new Map<string, Count>()
  let messages = 0

  function counterOf({ name, module, hour, isError, isMessage }: Alike): Counter {
    if (isMessage) {
      return () => {
        messages++
      }
    }
    const modules = within(functions, name, () => new Map<string, Named>())
    const named = within(modules, module, () => createNamed(name, module))
    const inHour = within(hours, hour, () => ({ calls: 0, errors: 0 }))
    return (duration) => {
      named.calls++
      inHour.calls++
      if (isError) {
        named.errors++
        inHour.errors++
      }
      if (typeof duration === 'number' && duration < Number.POSITIVE_INFINITY) keep(named, duration)
    }
  }

  function take(rest: Pick<Stats, 'slowest' | 'from' | 'to'>): Stats {
    const all = [...functions.values()].flatMap((modules) => [...modules.values()].map(statsOf)).sort(byCalls)
    const failing = all.filter(({ errors }) => errors > 0).sort((one, other) => other.errors - one.errors)
    const total = { calls: sum(all, 'calls'), errors: sum(all, 'errors') }
    return {
      ...total,
      messages,
      errorRate: rate(total),
      ...rest,
      functions: all,
      hours: [...hours].sort(byBegin).map(([begin, count]) => ({ hour: `${begin}:00:00+00:00`, ...count })),
      failing: failing.slice(0, 10)
    }
  }

  return { counterOf, take }
}

/** What a map holds under a key, made when it is not there. */
function within<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

const createNamed = (name: string, module: string): Named => {
  return { name, module, calls: 0, errors: 0, durations: new Float64Array(16), timed: 0 }
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

const sum = (counts: Count[], of: keyof Count): number => counts.reduce((all, count) => all + count[of], 0)
const rate = ({ calls, errors }: Count): number => (calls === 0 ? 0 : errors / calls)

function byCalls(one: FunctionStats, other: FunctionStats): number {
  return other.calls - one.calls || compare(one.name, other.name) || compare(one.module, other.module)
}

const byBegin = ([one]: [string, Count], [other]: [string, Count]): number => compare(one, other)
const compare = (one: string, other: string): number => (one < other ? -1 : +(one > other))
