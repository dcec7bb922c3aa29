import type { WrapOptions } from '../core/sites.ts'
import { type Callable, wrap } from '../core/wrap.ts'
import { wrapClass, wrapObject } from '../core/wrapClass.ts'

const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames } = Object

/** Own names of a function that its wrapper has already. */
const OWN = new Set<PropertyKey>(['length', 'name', 'prototype', 'arguments', 'caller'])

/**
 * The recorded function in the place of a function. A class, also one that is written as a function, stays what it is:
 * its methods are recorded.
 */
export function record<F extends Callable>(fn: F, options: WrapOptions & { name: string }): F {
  if (isClass(fn)) return wrapClass(fn, options)
  if (isOldClass(fn)) {
    wrapObject(fn.prototype, options)
    return fn
  }
  const wrapper = wrap(fn, options)
  if (wrapper !== fn) dressAgain(wrapper, fn)
  return wrapper
}

export const isClass = (fn: Callable): boolean => /^class\b/.test(Function.prototype.toString.call(fn))

/** A class as they were written before there were classes: a function whose prototype is filled. */
export function isOldClass({ prototype }: Callable): boolean {
  return Boolean(prototype) && Object.hasOwn(prototype, 'constructor') && getOwnPropertyNames(prototype).length > 1
}

/** What `wrap` leaves to the prototype: here nothing may tell the wrapper apart that lists the function's properties. */
function dressAgain(wrapper: Callable, fn: Callable): void {
  const made = fn.prototype && getOwnPropertyDescriptor(fn.prototype, 'constructor')
  if (made?.value === fn && made.writable) fn.prototype.constructor = wrapper
  for (const key of Reflect.ownKeys(fn)) {
    const property = getOwnPropertyDescriptor(fn, key) as PropertyDescriptor
    if (OWN.has(key) || !property.configurable) continue
    const { enumerable } = property
    const statics = fn as unknown as Record<PropertyKey, unknown>
    defineProperty(wrapper, key, {
      configurable: true,
      enumerable,
      get: () => statics[key],
      set(value) {
        statics[key] = value
      }
    })
  }
}
