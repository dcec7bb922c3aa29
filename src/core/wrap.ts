import type { Method } from './invoke.ts'
import { defaultRecorder } from './ring.ts'
import { anyShape, SHAPES, type Shape } from './shapes.ts'
import { createSite, type Site, type WrapOptions } from './sites.ts'

const { setPrototypeOf, defineProperty, getOwnPropertyDescriptor } = Object

/** Anything that can be called or constructed. A signature here would give parameters without a type the type `any`. */
export type Callable = Function

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
