import { begin, type Call, fail, finish, guard, open } from './calls.ts'
import { encode } from './encode.ts'
import { followGenerator } from './generators.ts'
import { CONSTRUCTED, CONTEXT, COUNT_SHIFT, CUT, HEADER_BYTES, TAG_REDACTED } from './layout.ts'
import { followPromise, isPromise, listen } from './promises.ts'
import { CLOSED, type Place, type Recorder, TRACED, tracing } from './ring.ts'
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
  if (ring.gate >= TRACED || site.special) return OTHER
  return chosen(site, ring.gate)
}

function chosen(site: Site, gate: number): number {
  return site.level < gate || (site.sample < 1 && random() >= site.sample) ? FAILURES : RECORD
}

/** Calls that are constructed, have other arguments than declared, or whose function is special. */
export function other(
  site: Site,
  fn: Method,
  self: unknown,
  args: ArrayLike<unknown>,
  target: Function | undefined,
  mode: number,
  level: number = site.recorder.gate,
  from?: Place
): unknown {
  const { recorder: ring } = site
  if (level === TRACED && tracing.enter)
    return tracing.enter(ring, (...where) => other(site, fn, self, args, target, mode, ...where))
  const { gate } = ring
  const invoke = (): unknown =>
    target ? construct(fn, args, target === site.wrapper ? fn : target) : apply(fn, self, args)
  if (level === CLOSED) {
    if (ring.refusing) {
      ring.accepted++
      ring.dropped++
    }
    return invoke()
  }
  if (site.word < 0) {
    ring.gate = CLOSED
    prepareSite(site, fn)
    ring.gate = gate
  }
  if (mode === OTHER) mode = chosen(site, level)
  const call = mode === RECORD ? begun(site, args, from) : undefined
  const flags = target ? CONSTRUCTED : 0
  let result: unknown
  try {
    result = call && from ? tracing.within(ring, call.span, invoke) : invoke()
  } catch (error) {
    throw call ? threw(call, flags, error) : missed(site, args, error, level, from)
  }
  if (!call) return target ? result : passed(site, args, result, level, from)
  const duration = now.call(performance) - call.start
  ring.current = call.parent
  ring.depth = call.place
  return settle(site, call, duration, flags, result)
}

/** Begins a call with any number of arguments and with the limits of its function. */
function begun(site: Site, args: ArrayLike<unknown>, from: Place | undefined): Call {
  const { recorder: ring, limits } = site
  const { current: parent, depth: place, maxDepth, maxItems, maxString, extraRedact } = ring
  const position = open(ring, site.word)
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
export function missed(
  site: Site,
  args: ArrayLike<unknown>,
  error: unknown,
  level: number = site.recorder.gate,
  from?: Place
): unknown {
  if (level <= ERROR_LEVEL) guard(site.recorder, () => threw(begun(site, args, from), 0, error, NaN))
  return error
}

/** Listens for the failure of a call that was not recorded and gave a promise. */
export function passed(
  site: Site,
  args: ArrayLike<unknown>,
  result: unknown,
  level: number = site.recorder.gate,
  from?: Place
): unknown {
  const { recorder: ring } = site
  if (typeof result !== 'object' || result === null || level > ERROR_LEVEL || !isPromise(result)) return result
  // By then, contexts may be in use, or the ring closed.
  const miss = (error: unknown) => missed(site, args, error, ring.gate === TRACED ? level : ring.gate, from)
  try {
    return listen(result, site.kind === 'AsyncFunction', {
      onValue() {},
      onError: (error) => (from ? from.enter(ring, () => miss(error)) : miss(error))
    })
  } catch {
    return result
  }
}
