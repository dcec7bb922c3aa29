import { items, ok, raise, same, throwsSame } from './assert.ts'
import type { AnyFunction, Check, Group, Wrap } from './case.ts'

/** Calls wrapped functions of every sort, and checks them. */
function callSome(wrap: Wrap): void {
  const sum = wrap((one: number, two: number) => one + two)
  const read = wrap((given: { id: number; list: unknown[] }) => given.list)
  const list = [1, 'two', new Map([[1, { deep: [null] }]]), new Set(['x']), new Date(0), 2n]
  for (let turn = 0; turn < 3; turn++) {
    same(sum(turn, 2), turn + 2, 'a sum')
    same(read({ id: turn, list }), list, 'a property')
    throwsSame(
      wrap(() => raise('thrown')),
      'thrown',
      'a throw'
    )
    items(
      [
        ...wrap(function* () {
          yield* [1, 2]
        })()
      ],
      [1, 2],
      'yields'
    )
  }
}

async function callSomeAsync(wrap: Wrap): Promise<void> {
  const kept = {}
  same(await wrap(async (given: object) => given)(kept), kept, 'an async value')
  same(await wrap(() => Promise.resolve(kept))(), kept, 'the value of a promise')
  const promise = Promise.resolve(1)
  same(wrap(() => promise)(), promise, 'a promise')
  for await (const value of wrap(async function* () {
    yield 7
  })())
    same(value, 7, 'an async yield')
}

type Holder = Record<PropertyKey, AnyFunction>

/** Puts the wrapped version of `owner[key]` in its place, calls wrapped functions, and puts the original back. */
function installed(owner: () => object, key: PropertyKey, use: () => unknown): Check {
  return async (wrap) => {
    const holder = owner() as Holder
    const before = Object.getOwnPropertyDescriptor(holder, key)
    Object.defineProperty(holder, key, { value: wrap(holder[key]), configurable: true, writable: true })
    try {
      callSome(wrap)
      use()
      await callSomeAsync(wrap)
    } finally {
      if (before === undefined) delete holder[key]
      else Object.defineProperty(holder, key, before)
    }
    callSome(wrap)
  }
}

/** By the name of a global: what holds it, its key there, and a use of it. */
const globals: Record<string, [() => object, string, () => unknown]> = {
  'Date.now': [() => Date, 'now', () => ok(Date.now() > 0, 'Date.now()')],
  'performance.now': [() => performance, 'now', () => ok(performance.now() >= 0, 'performance.now()')],
  'JSON.stringify': [() => JSON, 'stringify', () => same(JSON.stringify([1]), '[1]', 'the text')],
  'Array.prototype.push': [() => Array.prototype, 'push', () => same([1].push(2), 2, 'push')],
  'Array.prototype.slice': [() => Array.prototype, 'slice', () => items([1, 2].slice(1), [2], 'slice')],
  'Map.prototype.get': [() => Map.prototype, 'get', () => same(new Map([[1, 2]]).get(1), 2, 'get')],
  'Map.prototype.set': [() => Map.prototype, 'set', () => same(new Map().set(1, 2).size, 1, 'set')],
  'WeakMap.prototype.get': [() => WeakMap.prototype, 'get', () => same(new WeakMap().get({}), undefined, 'get')],
  'Promise.prototype.then': [() => Promise.prototype, 'then', () => ok(Promise.resolve(1).then(), 'then')],
  'String.prototype.slice': [() => String.prototype, 'slice', () => same('abc'.slice(1), 'bc', 'slice')],
  'String.prototype.charCodeAt': [() => String.prototype, 'charCodeAt', () => same('a'.charCodeAt(0), 97, 'code')],
  'Object.keys': [() => Object, 'keys', () => items(Object.keys({ id: 1 }), ['id'], 'keys')],
  'Reflect.ownKeys': [() => Reflect, 'ownKeys', () => items(Reflect.ownKeys({ id: 1 }), ['id'], 'keys')],
  'Array.isArray': [() => Array, 'isArray', () => same(Array.isArray([]), true, 'isArray')],
  'Math.random': [() => Math, 'random', () => ok(Math.random() < 1, 'random')],
  queueMicrotask: [() => globalThis, 'queueMicrotask', () => queueMicrotask(() => {})],
  setTimeout: [() => globalThis, 'setTimeout', () => clearTimeout(setTimeout(() => {}, 1))]
}

function silent(): () => void {
  const { log } = console
  console.log = () => {}
  return () => {
    console.log = log
  }
}

export const inPlace: Group = {
  name: 'wrapped in place, while other wrapped calls run',
  checks: {
    ...Object.fromEntries(Object.entries(globals).map(([name, row]) => [name, installed(...row)])),
    'console.log': async (wrap, host) => {
      const restore = silent()
      try {
        await installed(
          () => console,
          'log',
          () => console.log('not shown', { id: 1 })
        )(wrap, host)
      } finally {
        restore()
      }
    },
    fetch: async (wrap) => {
      const original = globalThis.fetch
      const given: unknown[] = []
      globalThis.fetch = wrap(async (...rest: unknown[]) => {
        given.push(...rest)
        return new Response('text')
      })
      try {
        callSome(wrap)
        same(await (await fetch('https://example.com/', { method: 'POST' })).text(), 'text', 'the text')
        same(given.length, 2, 'the number of arguments, of one call')
        same(given[0], 'https://example.com/', 'the first')
      } finally {
        globalThis.fetch = original
      }
    }
  }
}
