import { begin, type Call, fail, finish, finishHere, guard, open } from './calls.ts'
import { encode } from './encode.ts'
import { followGenerator } from './generators.ts'
import { CONSTRUCTED, COUNT_SHIFT, CUT, HEADER_BYTES, TAG_REDACTED } from './layout.ts'
import { followPromise, isPromise, listen } from './promises.ts'
import { CLOSED, defaultRecorder, type Recorder } from './ring.ts'
import { createSite, ERROR_LEVEL, prepareSite, type Site } from './sites.ts'
import type { WrapOptions } from './types.ts'

const now = performance.now
const random = Math.random
const { apply, construct } = Reflect
const { setPrototypeOf, defineProperty, getOwnPropertyDescriptor } = Object

/** Anything that can be called or constructed. */
export type Callable = ((...args: any[]) => any) | (abstract new (...args: any[]) => any)
type Method = (this: unknown, ...args: any[]) => any

type Shape = (fn: Method, site: Site) => Method

const sites = new WeakMap<object, Site>()
const skipped = new WeakSet<object>()

/**
 * Gives a function back that does the same and is recorded: arguments, result or error, duration, caller. Types,
 * `this`, `new`, statics, name and length are those of the function. What was wrapped already is given back as it is.
 *
 * @example
 * const add = wrap((a: number, b: number) => a + b, 'add')
 * add(1, 2) // 3
 */
export function wrap<F extends Callable>(fn: F, nameOrOptions: string | WrapOptions = {}): F {
  if (typeof fn !== 'function')
    throw new TypeError(
      `[nfo] [wrap] expected a function, got ${fn === null ? null : typeof fn}; pass the function itself`
    )
  if (sites.has(fn) || skipped.has(fn)) return fn
  const options = typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions
  const site = createSite(fn, options, options.logger?.recorder ?? defaultRecorder)
  const method = fn as unknown as Method
  const wrapper = shapeOf(method)(method, site)
  site.wrapper = wrapper
  sites.set(wrapper, site)
  dress(wrapper, fn)
  return wrapper as unknown as F
}

/** A function with a `call` of its own, or one that cannot be read, is called through Reflect. */
function shapeOf(fn: Method): Shape {
  try {
    return (fn.call === Function.prototype.call && SHAPES[fn.length]) || anyShape
  } catch {
    return anyShape
  }
}

/** Gives a wrapper the looks of a function. Statics are found through the prototype, also those that are added later. */
export function dress(wrapper: Function, fn: Function): void {
  try {
    setPrototypeOf(wrapper, fn)
    for (const key of ['name', 'length']) {
      const property = getOwnPropertyDescriptor(fn, key)
      if (property) defineProperty(wrapper, key, property)
      else Reflect.deleteProperty(wrapper, key)
    }
    wrapper.prototype = fn.prototype
  } catch {
    // A proxy that does not let itself be read.
  }
}

/** Keeps `wrap`, `wrapClass` and `wrapObject` from wrapping a function. */
export function skip<F extends Callable>(fn: F): F {
  skipped.add(fn)
  return fn
}

/** Where the values of a record begin, in bytes. */
const body = (ring: Recorder, position: number): number => ((position & ring.mask) << 3) + HEADER_BYTES

/**
 * A wrapper for each number of parameters. `arguments` and `apply` cost more than everything else here, and making
 * functions from text is forbidden in Workers, so these are written by hand. `arguments` is copied in a loop: handed on,
 * it would be made at every call.
 */
const SHAPES: readonly Shape[] = [
  (fn, site) =>
    function (this: unknown) {
      const { recorder: ring } = site
      const mode = site.rank < ring.gate ? judge(site, ring) : RECORD
      if (mode === OTHER || arguments.length !== 0 || new.target) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target, mode)
      }
      if (mode === FAILURES) {
        try {
          const result: unknown = fn.call(this)
          return typeof result === 'object' && result !== null ? passed(site, [], result) : result
        } catch (error) {
          throw missed(site, [], error)
        }
      }
      const { current: parent, depth } = ring
      const word = site.word | (0 << COUNT_SHIFT)
      const position = open(ring, word)
      const { span } = ring
      const end = body(ring, position)
      const start = now.call(performance)
      const head = begin(ring, position, end, start)
      let result: unknown
      try {
        result = fn.call(this)
      } catch (error) {
        throw threw({ ring, position, head, place: depth, word, span, parent, start, limits: undefined }, 0, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(site, { ring, position, head, place: depth, word, span, parent, start, limits: undefined }, duration, 0, result)
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown) {
      const { recorder: ring } = site
      const mode = site.rank < ring.gate ? judge(site, ring) : RECORD
      if (mode === OTHER || arguments.length !== 1 || new.target) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target, mode)
      }
      if (mode === FAILURES) {
        try {
          const result: unknown = fn.call(this, first)
          return typeof result === 'object' && result !== null ? passed(site, [first], result) : result
        } catch (error) {
          throw missed(site, [first], error)
        }
      }
      const { current: parent, depth } = ring
      const word = site.word | (1 << COUNT_SHIFT)
      const position = open(ring, word)
      const { span } = ring
      const end = encode(ring, body(ring, position), first)
      const start = now.call(performance)
      const head = begin(ring, position, end, start)
      let result: unknown
      try {
        result = fn.call(this, first)
      } catch (error) {
        throw threw({ ring, position, head, place: depth, word, span, parent, start, limits: undefined }, 0, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(site, { ring, position, head, place: depth, word, span, parent, start, limits: undefined }, duration, 0, result)
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown, second: unknown) {
      const { recorder: ring } = site
      const mode = site.rank < ring.gate ? judge(site, ring) : RECORD
      if (mode === OTHER || arguments.length !== 2 || new.target) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target, mode)
      }
      if (mode === FAILURES) {
        try {
          const result: unknown = fn.call(this, first, second)
          return typeof result === 'object' && result !== null ? passed(site, [first, second], result) : result
        } catch (error) {
          throw missed(site, [first, second], error)
        }
      }
      const { current: parent, depth } = ring
      const word = site.word | (2 << COUNT_SHIFT)
      const position = open(ring, word)
      const { span } = ring
      const end = encode(ring, encode(ring, body(ring, position), first), second)
      const start = now.call(performance)
      const head = begin(ring, position, end, start)
      let result: unknown
      try {
        result = fn.call(this, first, second)
      } catch (error) {
        throw threw({ ring, position, head, place: depth, word, span, parent, start, limits: undefined }, 0, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(site, { ring, position, head, place: depth, word, span, parent, start, limits: undefined }, duration, 0, result)
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown, second: unknown, third: unknown) {
      const { recorder: ring } = site
      const mode = site.rank < ring.gate ? judge(site, ring) : RECORD
      if (mode === OTHER || arguments.length !== 3 || new.target) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target, mode)
      }
      if (mode === FAILURES) {
        try {
          const result: unknown = fn.call(this, first, second, third)
          return typeof result === 'object' && result !== null ? passed(site, [first, second, third], result) : result
        } catch (error) {
          throw missed(site, [first, second, third], error)
        }
      }
      const { current: parent, depth } = ring
      const word = site.word | (3 << COUNT_SHIFT)
      const position = open(ring, word)
      const { span } = ring
      const end = encode(ring, encode(ring, encode(ring, body(ring, position), first), second), third)
      const start = now.call(performance)
      const head = begin(ring, position, end, start)
      let result: unknown
      try {
        result = fn.call(this, first, second, third)
      } catch (error) {
        throw threw({ ring, position, head, place: depth, word, span, parent, start, limits: undefined }, 0, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(site, { ring, position, head, place: depth, word, span, parent, start, limits: undefined }, duration, 0, result)
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown, second: unknown, third: unknown, fourth: unknown) {
      const { recorder: ring } = site
      const mode = site.rank < ring.gate ? judge(site, ring) : RECORD
      if (mode === OTHER || arguments.length !== 4 || new.target) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target, mode)
      }
      if (mode === FAILURES) {
        try {
          const result: unknown = fn.call(this, first, second, third, fourth)
          return typeof result === 'object' && result !== null ? passed(site, [first, second, third, fourth], result) : result
        } catch (error) {
          throw missed(site, [first, second, third, fourth], error)
        }
      }
      const { current: parent, depth } = ring
      const word = site.word | (4 << COUNT_SHIFT)
      const position = open(ring, word)
      const { span } = ring
      const end = encode(ring, encode(ring, encode(ring, encode(ring, body(ring, position), first), second), third), fourth)
      const start = now.call(performance)
      const head = begin(ring, position, end, start)
      let result: unknown
      try {
        result = fn.call(this, first, second, third, fourth)
      } catch (error) {
        throw threw({ ring, position, head, place: depth, word, span, parent, start, limits: undefined }, 0, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(site, { ring, position, head, place: depth, word, span, parent, start, limits: undefined }, duration, 0, result)
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    }
]

const anyShape: Shape = (fn, site) =>
  function (this: unknown) {
    return other(site, fn, this, arguments, new.target, OTHER)
  }

/** Ends a call that threw; gives the error back. Whatever goes wrong here, that error is what the caller sees. */
function threw(call: Call, flags: number, error: unknown): unknown {
  const duration = now.call(performance) - call.start
  call.ring.current = call.parent
  call.ring.depth = call.place
  guard(call.ring, () => fail(call, duration, flags, error))
  return error
}

function settle(site: Site, call: Call, duration: number, flags: number, result: any): unknown {
  if (site.kind.endsWith('GeneratorFunction')) return followGenerator(call, result, site.kind.startsWith('Async'))
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

function invoke(
  site: Site,
  fn: Method,
  self: unknown,
  args: ArrayLike<unknown>,
  target: Function | undefined
): unknown {
  return target ? construct(fn, args, target === site.wrapper ? fn : target) : apply(fn, self, args)
}

/** What becomes of a call. */
const RECORD = 0
/** Below the level or sampled out: only a failure is recorded. */
const FAILURES = 1
/** It needs more than the plain way. */
const OTHER = 2

/** Decides about a call whose rank is below the gate. */
function judge(site: Site, ring: Recorder): number {
  if (ring.gate === CLOSED || site.special) return OTHER
  return site.level < ring.gate || random() >= site.sample ? FAILURES : RECORD
}

/** Calls that are constructed, have other arguments than declared, or whose function is special. */
function other(
  site: Site,
  fn: Method,
  self: unknown,
  args: ArrayLike<unknown>,
  target: Function | undefined,
  mode: number
): unknown {
  const { recorder: ring } = site
  const { gate } = ring
  const invoke = (): unknown => (target ? construct(fn, args, target === site.wrapper ? fn : target) : apply(fn, self, args))
  if (gate === CLOSED) {
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
  if (mode === OTHER) mode = site.level < gate || random() >= site.sample ? FAILURES : RECORD
  const call = mode === RECORD ? begun(site, args) : undefined
  const flags = target ? CONSTRUCTED : 0
  let result: unknown
  try {
    result = invoke()
  } catch (error) {
    throw call ? threw(call, flags, error) : missed(site, args, error)
  }
  if (!call) return target ? result : passed(site, args, result)
  const duration = now.call(performance) - call.start
  ring.current = call.parent
  ring.depth = call.place
  return settle(site, call, duration, flags, result)
}

/** Begins a call with any number of arguments and with the limits of its function. */
function begun(site: Site, args: ArrayLike<unknown>): Call {
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
  const start = now.call(performance)
  const head = begin(ring, position, end, start)
  return { ring, position, head, place, word, span, parent, start, limits }
}

/** Records the failure of a call that was not recorded. Its clock was not read, so it has no duration. */
function missed(site: Site, args: ArrayLike<unknown>, error: unknown): unknown {
  const { recorder: ring } = site
  if (ring.gate <= ERROR_LEVEL) guard(ring, () => fail(begun(site, args), NaN, 0, error))
  return error
}

/** Listens for the failure of a call that was not recorded and gave a promise. */
function passed(site: Site, args: ArrayLike<unknown>, result: unknown): unknown {
  if (typeof result !== 'object' || result === null || site.recorder.gate > ERROR_LEVEL || !isPromise(result)) return result
  try {
    return listen(result, site.kind === 'AsyncFunction', { onValue() {}, onError: error => missed(site, args, error) })
  } catch {
    return result
  }
}
