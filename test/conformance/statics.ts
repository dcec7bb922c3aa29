import { items, ok, same } from './assert.ts'
import type { Callable, Group } from './case.ts'

const tag = Symbol('tag')

class Base {
  static inherited = 'inherited'
}

class Shop extends Base {
  static opened = 1
  static readonly [tag]: string = 'tagged'
  static readonly settings: { open: boolean } = { open: true }
  static #keys = 3
  static get sign(): string {
    return `open since ${this.opened}`
  }
  static keys(): number {
    return Shop.#keys
  }
  static self(): unknown {
    return this
  }
  static make(): Shop {
    return new this()
  }
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value === 'shop'
  }
}

function refuse(): never {
  throw new Error('was called')
}

function stubborn(key: PropertyKey): () => string {
  const fn = (): string => 'ran'
  return Object.defineProperty(fn, key, {
    get() {
      throw new Error(`${String(key)} was read`)
    }
  })
}

export const statics: Group = {
  name: 'statics',
  checks: {
    'are read through the wrapper': (wrap) => {
      const Wrapped = wrap(Shop)
      items([Wrapped.opened, Wrapped[tag], Wrapped.settings], [1, 'tagged', Shop.settings], 'statics')
      ok('opened' in Wrapped && tag in Wrapped, 'the in operator finds them')
    },
    'are inherited through the wrapper': (wrap) =>
      same(wrap(Shop).inherited, 'inherited', 'the static of the base class'),
    'getters are read through the wrapper': (wrap) => same(wrap(Shop).sign, 'open since 1', 'the getter'),
    'methods can be called on the wrapper': (wrap) => {
      const Wrapped = wrap(Shop)
      same(Wrapped.keys(), 3, 'a method that reads a private static')
      ok(Wrapped.self() === Wrapped || Wrapped.self() === Shop, 'this is the class or its wrapper')
      same(Object.getPrototypeOf(Wrapped.make()), Shop.prototype, 'the prototype of what a factory made')
    },
    'added later to the original are seen': (wrap) => {
      const fn: (() => number) & { added?: number } = () => 1
      const wrapped = wrap(fn)
      fn.added = 5
      same(wrapped.added, 5, 'the property')
      delete fn.added
      same(wrapped.added, undefined, 'the property after it was deleted')
    },
    'changed later on the original are seen': (wrap) => {
      const fn = Object.assign(() => 1, { level: 1 })
      const wrapped = wrap(fn)
      fn.level = 2
      same(wrapped.level, 2, 'the property')
    },
    'getters are called when they are read, not before': (wrap) => {
      let reads = 0
      const fn = Object.defineProperty(() => 1, 'live', { get: () => ++reads }) as (() => number) & { live: number }
      const wrapped = wrap(fn)
      wrapped()
      same(reads, 0, 'reads by wrapping and calling')
      items([wrapped.live, wrapped.live], [1, 2], 'two reads')
    },
    'may be set on the wrapper': (wrap) => {
      const wrapped: (() => number) & { own?: number } = wrap(() => 1)
      wrapped.own = 3
      same(wrapped.own, 3, 'the property')
    },
    'Symbol.hasInstance of a class is asked': (wrap) => {
      const Wrapped = wrap(Shop) as unknown as new () => string
      ok(('shop' as unknown) instanceof Wrapped, "'shop' is a Shop")
      ok(!(new Shop() instanceof Wrapped), 'an instance is none')
    },
    'instanceof against a wrapped class': (wrap) => {
      const Wrapped = wrap(Base)
      ok(new Base() instanceof Wrapped, 'an instance of the original')
      ok(new Wrapped() instanceof Wrapped && new Wrapped() instanceof Base, 'an instance of the wrapper')
      ok(new Shop() instanceof (Wrapped as Callable), 'an instance of a subclass')
      ok(!({} instanceof Wrapped), 'a plain object is none')
    },
    'instanceof against a wrapped bound class': (wrap) => {
      const Wrapped = wrap(Base.bind(undefined) as unknown as typeof Base)
      same(Object.getPrototypeOf(new Wrapped()), Base.prototype, 'the prototype of the instance')
    },
    ...Object.fromEntries(
      ['name', 'length', 'extra', Symbol.toStringTag].map(
        (key) =>
          [
            `a getter for ${String(key)} that throws does no harm`,
            (wrap) => same(wrap(stubborn(key))(), 'ran', 'the result')
          ] satisfies [string, Group['checks'][string]]
      )
    ),
    'a function without prototype can be wrapped': (wrap) => {
      const fn = Object.setPrototypeOf((one: number) => one + 1, null) as (one: number) => number
      same(wrap(fn)(1), 2, 'the result')
    },
    'a function with a call, an apply and a bind of its own can be wrapped': (wrap) => {
      const own = { call: refuse, apply: refuse, bind: refuse }
      same(wrap(Object.assign((one: number) => one + 1, own))(1), 2, 'the result')
    },
    'a function that is frozen can be wrapped': (wrap) => {
      const fn = Object.freeze(Object.assign((one: number) => one + 1, { level: 1 }))
      const wrapped = wrap(fn)
      items([wrapped(1), wrapped.level], [2, 1], 'result and static')
    },
    'two wrappers of one function do not disturb each other': (wrap) => {
      const fn = (one: number): number => one + 1
      const [first, second] = [wrap(fn), wrap(fn)]
      items([first(1), second(2), first(3), fn(4)], [2, 3, 4, 5], 'results')
    }
  }
}
