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
      if (arguments.length !== 0 || new.target || site.rank < ring.gate) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target)
      }
      const { current: parent, depth } = ring
      const position = open(ring, site.word)
      const { span } = ring
      const start = now.call(performance)
      const head = begin(ring, position, body(ring, position), start)
      let result: unknown
      try {
        result = fn.call(this)
      } catch (error) {
        throw threw(ring, position, head, depth, site.word, span, parent, start, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(
          site,
          { ring, position, head, place: depth, word: site.word, span, parent, start, limits: undefined },
          duration,
          0,
          result
        )
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown) {
      const { recorder: ring } = site
      if (arguments.length !== 1 || new.target || site.rank < ring.gate) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target)
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
        throw threw(ring, position, head, depth, word, span, parent, start, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(
          site,
          { ring, position, head, place: depth, word, span, parent, start, limits: undefined },
          duration,
          0,
          result
        )
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown, second: unknown) {
      const { recorder: ring } = site
      if (arguments.length !== 2 || new.target || site.rank < ring.gate) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target)
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
        throw threw(ring, position, head, depth, word, span, parent, start, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(
          site,
          { ring, position, head, place: depth, word, span, parent, start, limits: undefined },
          duration,
          0,
          result
        )
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown, second: unknown, third: unknown) {
      const { recorder: ring } = site
      if (arguments.length !== 3 || new.target || site.rank < ring.gate) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target)
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
        throw threw(ring, position, head, depth, word, span, parent, start, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(
          site,
          { ring, position, head, place: depth, word, span, parent, start, limits: undefined },
          duration,
          0,
          result
        )
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    },
  (fn, site) =>
    function (this: unknown, first: unknown, second: unknown, third: unknown, fourth: unknown) {
      const { recorder: ring } = site
      if (arguments.length !== 4 || new.target || site.rank < ring.gate) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target)
      }
      const { current: parent, depth } = ring
      const word = site.word | (4 << COUNT_SHIFT)
      const position = open(ring, word)
      const { span } = ring
      const end = encode(
        ring,
        encode(ring, encode(ring, encode(ring, body(ring, position), first), second), third),
        fourth
      )
      const start = now.call(performance)
      const head = begin(ring, position, end, start)
      let result: unknown
      try {
        result = fn.call(this, first, second, third, fourth)
      } catch (error) {
        throw threw(ring, position, head, depth, word, span, parent, start, error)
      }
      const duration = now.call(performance) - start
      ring.current = parent
      ring.depth = depth
      if (ring.head !== head || (typeof result === 'object' && result !== null)) {
        return settle(
          site,
          { ring, position, head, place: depth, word, span, parent, start, limits: undefined },
          duration,
          0,
          result
        )
      }
      finishHere(ring, position, head, depth, duration, 0, result)
      return result
    }
]

const anyShape: Shape = (fn, site) =>
  function (this: unknown) {
    return other(site, fn, this, arguments, new.target)
  }

/** Ends a call that threw; gives the error back. Whatever goes wrong here, that error is what the caller sees. */
function threw(
  ring: Recorder,
  position: number,
  head: number,
  place: number,
  word: number,
  span: number,
  parent: number,
  start: number,
  error: unknown
): unknown {
  const call = { ring, position, head, place, word, span, parent, start, limits: undefined }
  return failed(call, now.call(performance) - start, 0, error)
}

function failed(call: Call, duration: number, flags: number, error: unknown): unknown {
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

/** Calls that need more than the plain way: not recorded, sampled, constructed, or with other arguments than declared. */
function other(site: Site, fn: Method, self: unknown, args: ArrayLike<unknown>, target: Function | undefined): unknown {
  const { recorder: ring } = site
  const { gate } = ring
  if (gate === CLOSED) {
    if (ring.refusing) {
      ring.accepted++
      ring.dropped++
    }
    return invoke(site, fn, self, args, target)
  }
  if (site.word < 0) {
    ring.gate = CLOSED
    prepareSite(site, fn)
    ring.gate = gate
  }
  if (site.level < gate || (site.sample < 1 && random() >= site.sample)) return unrecorded(site, fn, self, args, target)
  const { current: parent, depth: place } = ring
  const call = start(site, args)
  const flags = target ? CONSTRUCTED : 0
  let result: unknown
  try {
    result = invoke(site, fn, self, args, target)
  } catch (error) {
    throw failed(call, now.call(performance) - call.start, flags, error)
  }
  const duration = now.call(performance) - call.start
  ring.current = parent
  ring.depth = place
  return settle(site, call, duration, flags, result)
}

/** Begins a call with any number of arguments and with the limits of its function. */
function start(site: Site, args: ArrayLike<unknown>): Call {
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
  const time = now.call(performance)
  const head = begin(ring, position, end, time)
  return { ring, position, head, place, word, span, parent, start: time, limits }
}

/** A call below the level or sampled out: only its failure is recorded. Its clock was not read, so it has no duration. */
function unrecorded(
  site: Site,
  fn: Method,
  self: unknown,
  args: ArrayLike<unknown>,
  target: Function | undefined
): unknown {
  const { recorder: ring } = site
  if (ring.gate > ERROR_LEVEL) return invoke(site, fn, self, args, target)
  const onError = (error: unknown): unknown => failed(start(site, args), NaN, 0, error)
  let result: unknown
  try {
    result = invoke(site, fn, self, args, target)
  } catch (error) {
    throw onError(error)
  }
  if (typeof result !== 'object' || result === null || target || !isPromise(result)) return result
  try {
    return listen(result, site.kind === 'AsyncFunction', { onValue() {}, onError })
  } catch {
    return result
  }
}
