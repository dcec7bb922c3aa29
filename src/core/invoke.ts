import { begin, type Call, fail, finish, guard, open } from './calls.ts'
import { encode } from './encode.ts'
import { followGenerator } from './generators.ts'
import { CONSTRUCTED, CONTEXT, COUNT_SHIFT, CUT, HEADER_BYTES, TAG_REDACTED } from './layout.ts'
import { followPromise, isPromise, listen } from './promises.ts'
import { CLOSED, callerIn, type Place, placeOf, type Recorder, rankIn } from './ring.ts'
import { ERROR_LEVEL, prepareSite, type Site } from './sites.ts'

/** A function as its wrapper calls it. */
export type Method = (this: unknown, ...args: any[]) => any

const now = performance.now
const random = Math.random
const { apply, construct } = Reflect

/** Where the values of a record begin, in bytes. */
export const body = (ring: Recorder, position: number): number => ((position & ring.mask) << 3) + HEADER_BYTES

/** Ends a call that threw; gives the error back. Whatever goes wrong here, that error is what the caller sees. */
export function threw(
  call: Call,
  flags: number,
  error: unknown,
  duration: number = now.call(performance) - call.start
): unknown {
  call.ring.current = call.parent
  call.ring.depth = call.place
  guard(call.ring, () => fail(call, duration, flags, error))
  return error
}

/** Ends a call that did not throw, unless its result is still to come. */
export function settle(site: Site, call: Call, duration: number, flags: number, result: unknown): unknown {
  if (site.kind.endsWith('GeneratorFunction'))
    return followGenerator(call, result as object, site.kind.startsWith('Async'))
  if (typeof result === 'object' && result !== null && !(flags & CONSTRUCTED) && isPromise(result)) {
    try {
      return followPromise(call, result, site.kind === 'AsyncFunction')
    } catch {
      // It is frozen, or only looks like a promise: a value like any other.
    }
  }
  guard(call.ring, () => finish(call, duration, flags, result))
  return result
}

/** What becomes of a call. */
export const RECORD = 0
/** Below the level or sampled out: only a failure is recorded. */
export const FAILURES = 1
/** It needs more than the plain way. */
export const OTHER = 2

/** Decides about a call whose rank is below the gate. */
export function judge(site: Site, ring: Recorder): number {
  if (ring.gate === CLOSED || site.special || site.redact !== ring.redact || placeOf(ring)) return OTHER
  return chosen(site, rankIn(ring, undefined))
}

function chosen(site: Site, gate: number): number {
  return site.level < gate || (site.sample < 1 && random() >= site.sample) ? FAILURES : RECORD
}

/** Calls that are constructed, have other arguments than declared, or whose function or place is special. */
export function other(
  site: Site,
  fn: Method,
  self: unknown,
  args: ArrayLike<unknown>,
  target: Function | undefined,
  mode: number
): unknown {
  const { recorder: ring } = site
  const { gate, current } = ring
  const from = placeOf(ring)
  const level = rankIn(ring, from)
  const invoke = (): unknown =>
    target ? construct(fn, args, target === site.wrapper ? fn : target) : apply(fn, self, args)
  if (level === CLOSED) {
    if (ring.refusing) {
      ring.accepted++
      ring.dropped++
    }
    return invoke()
  }
  if (site.word < 0 || site.redact !== ring.redact) {
    ring.gate = CLOSED
    prepareSite(site, fn)
    ring.gate = gate
  }
  if (mode === OTHER) mode = chosen(site, level)
  const call = mode === RECORD ? begun(site, args, from) : undefined
  const flags = target ? CONSTRUCTED : 0
  let result: unknown
  try {
    result = call && from ? from.within(ring, call.span, invoke) : invoke()
  } catch (error) {
    if (!call) throw missed(site, args, error, from)
    threw(call, flags, error)
    ring.current = current
    throw error
  }
  if (!call) return target ? result : passed(site, args, result, from)
  const duration = now.call(performance) - call.start
  ring.current = current
  ring.depth = call.place
  return settle(site, call, duration, flags, result)
}

/** Begins a call with any number of arguments and with the limits of its function. */
export function begun(
  site: Pick<Site, 'recorder' | 'limits' | 'word' | 'secret'>,
  args: ArrayLike<unknown>,
  from: Place | undefined
): Call {
  const { recorder: ring, limits } = site
  const { depth: place, maxDepth, maxItems, maxString, extraRedact } = ring
  const parent = callerIn(ring, from)
  const position = open(ring, site.word, parent)
  const { span } = ring
  let end = body(ring, position)
  if (limits) Object.assign(ring, limits)
  let count = 0
  for (; count < args.length && count < 255 && end < ring.limit; count++) {
    if (count < 31 && (site.secret >> count) & 1) ring.u8[end++] = TAG_REDACTED
    else end = encode(ring, end, args[count])
  }
  if (count < args.length) ring.cut = CUT
  const word = site.word | (count << COUNT_SHIFT)
  ring.u32[((position & ring.mask) << 1) + 1] = word
  if (limits) Object.assign(ring, { maxDepth, maxItems, maxString, extraRedact })
  if (from) {
    end = from.write(ring, end)
    ring.cut |= CONTEXT
  }
  const start = now.call(performance)
  const head = begin(ring, position, end, start)
  return { ring, position, head, place, word, span, parent, start, limits, from }
}

/** Records the failure of a call that was not recorded. Its clock was not read, so it has no duration. */
export function missed(site: Site, args: ArrayLike<unknown>, error: unknown, from?: Place): unknown {
  const { recorder: ring } = site
  const { current } = ring
  if (rankIn(ring, from) <= ERROR_LEVEL) guard(ring, () => threw(begun(site, args, from), 0, error, NaN))
  ring.current = current
  return error
}

/** Listens for the failure of a call that was not recorded and gave a promise. */
export function passed(site: Site, args: ArrayLike<unknown>, result: unknown, from?: Place): unknown {
  const { recorder: ring } = site
  if (typeof result !== 'object' || result === null || rankIn(ring, from) > ERROR_LEVEL || !isPromise(result))
    return result
  try {
    return listen(result, site.kind === 'AsyncFunction', {
      onValue() {},
      onError: (error) => missed(site, args, error, from)
    })
  } catch {
    return result
  }
}
