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

const globals: Record<string, Check> = {
  'Date.now': installed(
    () => Date,
    'now',
    () => ok(Date.now() > 0, 'Date.now()')
  ),
  'performance.now': installed(
    () => performance,
    'now',
    () => ok(performance.now() >= 0, 'performance.now()')
  ),
  'JSON.stringify': installed(
    () => JSON,
    'stringify',
    () => same(JSON.stringify([1]), '[1]', 'the text')
  ),
  'Array.prototype.push': installed(
    () => Array.prototype,
    'push',
    () => same([1].push(2), 2, 'push')
  ),
  'Array.prototype.slice': installed(
    () => Array.prototype,
    'slice',
    () => items([1, 2].slice(1), [2], 'slice')
  ),
  'Map.prototype.get': installed(
    () => Map.prototype,
    'get',
    () => same(new Map([[1, 2]]).get(1), 2, 'get')
  ),
  'Map.prototype.set': installed(
    () => Map.prototype,
    'set',
    () => same(new Map().set(1, 2).size, 1, 'set')
  ),
  'WeakMap.prototype.get': installed(
    () => WeakMap.prototype,
    'get',
    () => same(new WeakMap().get({}), undefined, 'get')
  ),
  'Promise.prototype.then': installed(
    () => Promise.prototype,
    'then',
    () => ok(Promise.resolve(1).then(), 'then')
  ),
  'String.prototype.slice': installed(
    () => String.prototype,
    'slice',
    () => same('abc'.slice(1), 'bc', 'slice')
  ),
  'String.prototype.charCodeAt': installed(
    () => String.prototype,
    'charCodeAt',
    () => same('a'.charCodeAt(0), 97, 'code')
  ),
  'Object.keys': installed(
    () => Object,
    'keys',
    () => items(Object.keys({ id: 1 }), ['id'], 'keys')
  ),
  'Reflect.ownKeys': installed(
    () => Reflect,
    'ownKeys',
    () => items(Reflect.ownKeys({ id: 1 }), ['id'], 'keys')
  ),
  'Array.isArray': installed(
    () => Array,
    'isArray',
    () => same(Array.isArray([]), true, 'isArray')
  ),
  'Math.random': installed(
    () => Math,
    'random',
    () => ok(Math.random() < 1, 'random')
  ),
  queueMicrotask: installed(
    () => globalThis,
    'queueMicrotask',
    () => queueMicrotask(() => {})
  ),
  setTimeout: installed(
    () => globalThis,
    'setTimeout',
    () => clearTimeout(setTimeout(() => {}, 1))
  )
}

function silent(): () => void {
  const { log } = console
  console.log = () => {}
  return () => {
    console.log = log
  }
}

export const globalsWrapped: Group = {
  name: 'wrapped in place, while other wrapped calls run',
  checks: {
    ...globals,
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

export const reentrancy: Group = {
  name: 're-entrancy',
  checks: {
    'a getter of an argument or a result may call wrapped functions': (wrap) => {
      const inner = wrap((given: unknown) => [given])
      const value = {
        get live() {
          return inner(this)
        }
      }
      same(wrap((given: unknown) => given)(value), value, 'the result')
      throwsSame(() => wrap(raise)(value), value, 'the call')
    },
    'a getter of an argument may call the same function with the same argument': (wrap) => {
      let reads = 0
      const same1 = (): unknown => (++reads > 2_000 ? raise('read without end') : echo(value))
      const value = Object.defineProperties(
        {},
        {
          one: { get: same1, enumerable: true },
          two: { get: same1, enumerable: true }
        }
      )
      const echo: (given: unknown) => unknown = wrap((given: unknown) => given)
      same(echo(value), value, 'the result')
      ok(reads <= 2_000, 'the getters are not read without end')
    },
    'the traps of a Proxy may call wrapped functions': (wrap) => {
      const note = wrap((trap: string) => trap)
      const handler = new Proxy({}, { get: (_target, trap) => void note(String(trap)) })
      const value = new Proxy({ id: 1 }, handler)
      same(wrap((given: unknown) => given)(value), value, 'the result')
    },
    'toString and valueOf of an argument may call wrapped functions': (wrap) => {
      const text = wrap(() => 'text')
      const value = { toString: () => text(), valueOf: wrap(() => 7), toJSON: wrap(() => 'json') }
      const use = wrap((given: unknown) => [`${given}`, Number(given), JSON.stringify(given)])
      items(use(value), ['text', 7, '"json"'], 'results')
    },
    'a wrapped function may wrap, and call what it wrapped': (wrap) => {
      const outer = wrap((given: number) => wrap((more: number) => given + more))
      same(outer(1)(2), 3, 'the result')
      const nested = wrap(() => wrap(() => wrap(() => 'deep')())())
      same(nested(), 'deep', 'the result of three levels')
    },
    'a wrapped function may throw in a getter that is read inside': (wrap) => {
      const fail = wrap(() => raise('getter'))
      const read = wrap((given: { id: unknown }) => given.id)
      const value = Object.defineProperty({ id: 0 }, 'id', { get: fail })
      throwsSame(() => read(value), 'getter', 'the call')
    },
    'a wrapped function may replace itself': (wrap) => {
      const owner = {
        load: wrap((): string => {
          owner.load = wrap(() => 'second')
          return 'first'
        })
      }
      items([owner.load(), owner.load()], ['first', 'second'], 'results')
    },
    'two wrapped functions may hand over in the middle of an await': async (wrap) => {
      const log: string[] = []
      const run = wrap(async (id: string) => {
        log.push(`${id}1`)
        await undefined
        log.push(`${id}2`)
        return wrap(() => log.push(`${id}3`))()
      })
      await Promise.all([run('a'), run('b')])
      same(log.join(), 'a1,b1,a2,a3,b2,b3', 'the order')
    }
  }
}
