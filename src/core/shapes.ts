import { begin, finishHere, open } from './calls.ts'
import { encode } from './encode.ts'
import { body, FAILURES, judge, type Method, missed, OTHER, other, passed, RECORD, settle, threw } from './invoke.ts'
import { COUNT_SHIFT } from './layout.ts'
import type { Site } from './sites.ts'

/** Makes the wrapper of a function. */
export type Shape = (fn: Method, site: Site) => Method

const now = performance.now

/**
 * A wrapper for each number of parameters. `arguments` and `apply` cost more than everything else here, and making
 * functions from text is forbidden in Workers, so these are written by hand. `arguments` is copied in a loop: handed on,
 * it would be made at every call.
 */
export const SHAPES: readonly Shape[] = [
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
      const mode = site.rank < ring.gate ? judge(site, ring) : RECORD
      if (mode === OTHER || arguments.length !== 4 || new.target) {
        const args: unknown[] = []
        for (let i = 0; i < arguments.length; i++) args[i] = arguments[i]
        return other(site, fn, this, args, new.target, mode)
      }
      if (mode === FAILURES) {
        try {
          const result: unknown = fn.call(this, first, second, third, fourth)
          return typeof result === 'object' && result !== null
            ? passed(site, [first, second, third, fourth], result)
            : result
        } catch (error) {
          throw missed(site, [first, second, third, fourth], error)
        }
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
        throw threw({ ring, position, head, place: depth, word, span, parent, start, limits: undefined }, 0, error)
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

/** For more parameters, or a function that cannot be called in the plain way. */
export const anyShape: Shape = (fn, site) =>
  function (this: unknown) {
    return other(site, fn, this, arguments, new.target, OTHER)
  }
