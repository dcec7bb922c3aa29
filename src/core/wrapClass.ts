import type { WrapOptions } from './sites.ts'
import { type Callable, wrap } from './wrap.ts'

type Members = Record<PropertyKey, unknown>

/** Own names of a class that are not its methods. */
const NOT_METHODS = new Set<PropertyKey>(['constructor', 'prototype', 'length', 'name', 'arguments', 'caller'])

/**
 * Wraps a class's methods and static methods in place and gives the class back. Left alone: accessors, fields, names
 * that begin with `_`, `#private` ones, what `skip` marked, and what a parent class defines. `super` calls reach the
 * parent's methods, wrapped or not. Options are those of `wrap`; `name` stands before the method's name.
 *
 * @example
 * const Cart = wrapClass(class Cart { add(item: string) { return item } })
 * new Cart().add('book') // recorded as Cart.add
 */
export function wrapClass<C extends Callable>(Class: C, options: WrapOptions = {}): C {
  if (typeof Class !== 'function')
    throw new TypeError(`[nfo] [wrapClass] expected a class, got ${typeof Class}; for an object use wrapObject`)
  const { name = Class.name } = options
  wrapMembers(Class.prototype ?? {}, name, options)
  wrapMembers(Class as unknown as Members, name, options)
  return Class
}

/**
 * Wraps an object's own functions in place and gives the object back; what `wrapClass` leaves alone stays as it is here
 * too. Of an object that cannot be changed, a namespace or a frozen one, it gives a wrapped copy. `name`, when given,
 * stands before the function's name.
 *
 * @example
 * const math = wrapObject({ add: (a: number, b: number) => a + b }, { name: 'math' })
 * math.add(1, 2) // recorded as math.add
 */
export function wrapObject<T extends object>(object: T, options: WrapOptions = {}): T {
  if (object === null || typeof object !== 'object') {
    throw new TypeError(
      `[nfo] [wrapObject] expected an object, got ${object === null ? null : typeof object}; for a function use wrap`
    )
  }
  const fixed = Object.isFrozen(object) || Object.prototype.toString.call(object) === '[object Module]'
  const target = fixed ? Object.assign(Object.create(Object.getPrototypeOf(object)), object) : object
  wrapMembers(target, options.name, options)
  return target
}

function wrapMembers(target: Members, prefix: string | undefined, options: WrapOptions): void {
  for (const key of Reflect.ownKeys(target)) {
    const property = Object.getOwnPropertyDescriptor(target, key) as PropertyDescriptor
    if (NOT_METHODS.has(key) || !isMethod(key, property)) continue
    const own = typeof key === 'symbol' ? `[${key.description}]` : key
    const value = wrap(property.value, { ...options, name: prefix ? `${prefix}.${own}` : own })
    if (property.configurable) Object.defineProperty(target, key, { ...property, value })
    else target[key] = value
  }
}

function isMethod(key: PropertyKey, { value, configurable, writable }: PropertyDescriptor): boolean {
  if (typeof value !== 'function' || !(configurable || writable)) return false
  // A class held by an object is made, not called; wrapClass is for it.
  return !(typeof key === 'string' && key.startsWith('_')) && !/^class\b/.test(Function.prototype.toString.call(value))
}
