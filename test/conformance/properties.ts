import { items, ok, same } from './assert.ts'
import type { AnyFunction, Callable, Check, Group } from './case.ts'

const described = Symbol('described')

function redefined(key: 'name' | 'length', value: unknown): AnyFunction {
  return Object.defineProperty((one: unknown) => one, key, { value }) as AnyFunction
}

const functions: Record<string, () => Callable> = {
  'a function declaration': () =>
    function declared(one: unknown, two: unknown) {
      return [one, two]
    },
  'an arrow function': () => {
    const arrow = (one: unknown): unknown => one
    return arrow
  },
  'an anonymous function': () =>
    (
      () => () =>
        1
    )(),
  'an async function': () =>
    async function later(one: unknown) {
      return one
    },
  'a generator function': () =>
    function* many(one: unknown) {
      yield one
    },
  'an async generator function': () =>
    async function* manyLater(one: unknown) {
      yield one
    },
  'a method': () =>
    ({
      method(one: unknown) {
        return one
      }
    }).method,
  'a method with a symbol for a name': () => ({ [described]() {} })[described],
  'a getter': () =>
    Object.getOwnPropertyDescriptor(
      {
        get read() {
          return 1
        }
      },
      'read'
    )?.get as Callable,
  'a class': () =>
    class Named {
      constructor(readonly: unknown) {
        Object.freeze(readonly)
      }
    },
  'a class with a static method called name': () =>
    class {
      static name(): string {
        return 'method'
      }
    } as unknown as Callable,
  'a bound function': () =>
    function base(one: unknown, two: unknown, three: unknown) {
      return [one, two, three]
    }.bind(null, 1),
  'a native function': () => Array.prototype.slice,
  'a native class': () => Map,
  'a function with default parameters':
    () =>
    (one: unknown, two = 2, three: unknown = 3) => [one, two, three],
  'a function with a rest parameter':
    () =>
    (one: unknown, ...rest: unknown[]) => [one, rest],
  'a function of many parameters': () => (a1: 1, a2: 1, a3: 1, a4: 1, a5: 1, a6: 1, a7: 1) => [
    a1,
    a2,
    a3,
    a4,
    a5,
    a6,
    a7
  ],
  'a renamed function': () => redefined('name', 'renamed'),
  'a function whose name is not a string': () => redefined('name', 42),
  'a function of another length': () => redefined('length', 12),
  'a Proxy of a function': () => new Proxy((one: unknown) => one, {}),
  'a function that is frozen': () => Object.freeze((one: unknown) => one)
}

function looksLike(make: () => Callable): Check {
  return (wrap) => {
    const fn = make()
    const wrapped = wrap(fn)
    same(wrapped.name, fn.name, 'name')
    same(wrapped.length, fn.length, 'length')
    same(typeof wrapped, 'function', 'typeof')
    same(wrapped.prototype, fn.prototype, 'prototype')
    same(Object.prototype.toString.call(wrapped), Object.prototype.toString.call(fn), 'Object.prototype.toString')
    same(wrapped.constructor, fn.constructor, 'constructor')
    same(typeof String(wrapped), 'string', 'toString()')
  }
}

function unchanged(make: () => AnyFunction): Check {
  return (wrap) => {
    const fn = make()
    const [keys, prototype] = [Reflect.ownKeys(fn), Object.getPrototypeOf(fn)]
    const values = keys.map((key) => JSON.stringify(Object.getOwnPropertyDescriptor(fn, key)))
    wrap(fn)(1)
    items(Reflect.ownKeys(fn), keys, 'own keys of the original')
    items(
      keys.map((key) => JSON.stringify(Object.getOwnPropertyDescriptor(fn, key))),
      values,
      'its descriptors'
    )
    same(Object.getPrototypeOf(fn), prototype, 'its prototype')
  }
}

function sampleOf(): AnyFunction {
  return (one) => one
}

export const properties: Group = {
  name: 'name, length, prototype',
  checks: {
    ...Object.fromEntries(Object.entries(functions).map(([name, make]) => [`of ${name}`, looksLike(make)])),
    'are not enumerable and not writable, as on any function': (wrap) => {
      const wrapped = wrap(sampleOf())
      for (const key of ['name', 'length'] as const) {
        const descriptor = Object.getOwnPropertyDescriptor(wrapped, key)
        same(descriptor?.writable ?? false, false, `${key}, writable`)
        ok(!Object.keys(wrapped).includes(key), `${key} is not enumerable`)
      }
    },
    'of the original stay as they were': unchanged(sampleOf),
    'changes of the prototype object are seen': (wrap) => {
      const fn = function (): void {}
      const wrapped = wrap(fn)
      fn.prototype.added = 1
      same(wrapped.prototype.added, 1, 'the added property')
    },
    'a wrapper is left out of JSON like a function': (wrap) => {
      same(JSON.stringify([wrap(sampleOf()), { fn: wrap(sampleOf()) }]), '[null,{}]', 'the text')
    }
  }
}
