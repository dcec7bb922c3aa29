import { items, same } from './assert.ts'
import type { Check, Group, Wrap } from './case.ts'

const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never

const methods: PropertyKey[] = [
  'toJSON',
  'toString',
  'toLocaleString',
  'valueOf',
  'inspect',
  'then',
  'next',
  'forEach',
  'clone',
  'equals',
  Symbol.toPrimitive,
  Symbol.iterator,
  Symbol.asyncIterator,
  inspect
]

interface Counted {
  value: object
  calls(): number
}

/** Gives `value` a method that counts its calls, own or inherited. */
function counted(value: object, key: PropertyKey, inherited: boolean): Counted {
  let calls = 0
  const method = { value: () => ++calls, configurable: true, enumerable: !inherited }
  if (!inherited) Object.defineProperty(value, key, method)
  else Object.setPrototypeOf(value, Object.defineProperty(Object.create(Object.getPrototypeOf(value)), key, method))
  return { value, calls: () => calls }
}

const makers: Record<string, () => object> = {
  'an object': () => ({ id: 1 }),
  'an array': () => [1, 2],
  'an error': () => new Error('kept'),
  'a Date': () => new Date(0),
  'a Map': () => new Map([[1, 2]]),
  'a function': () => () => 1
}

/** Passes the value in and out, alone and inside another. */
async function expose(wrap: Wrap, value: object): Promise<void> {
  wrap((given: unknown, box: unknown) => [given, box])(value, { held: [value], map: new Map([[value, value]]) })
  wrap(function (this: unknown) {
    return this
  }).call(value)
  await wrap(async () => [value])()
  try {
    wrap(() => {
      throw value
    })()
  } catch (error) {
    same(error, value, 'what was thrown')
  }
}

function neverCalled(key: PropertyKey): Check {
  return async (wrap) => {
    for (const [kind, make] of Object.entries(makers)) {
      for (const inherited of [false, true]) {
        const { value, calls } = counted(make(), key, inherited)
        await expose(wrap, value)
        same(calls(), 0, `calls of the ${inherited ? 'inherited' : 'own'} method of ${kind}`)
      }
    }
  }
}

export const unasked: Group = {
  name: 'methods that are never called',
  checks: {
    ...Object.fromEntries(methods.map((key) => [String(key), neverCalled(key)])),
    'the iteration of Map and Set': (wrap) => {
      const calls: string[] = []
      class NotedMap extends Map<unknown, unknown> {
        override forEach(): void {
          calls.push('forEach')
        }
      }
      wrap((given: unknown) => given)(new NotedMap([[1, 2]]))
      items(calls, [], 'calls')
    },
    'setters of an argument': (wrap) => {
      const calls: unknown[] = []
      const value = {
        set id(given: unknown) {
          calls.push(given)
        }
      }
      same(wrap((given: unknown) => given)(value), value, 'the result')
      items(calls, [], 'calls')
    },
    'functions inside an argument': (wrap) => {
      let calls = 0
      const value = {
        run: () => ++calls,
        list: [() => ++calls],
        Class: class {
          made = ++calls
        }
      }
      same(wrap((given: unknown) => given)(value), value, 'the result')
      same(calls, 0, 'calls')
    }
  }
}
