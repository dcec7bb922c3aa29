import { items, ok, same } from './assert.ts'
import type { Check, Group } from './case.ts'

const tag = Symbol('tag')

class Cell {
  #value = 1
  shown = 2
  get value(): number {
    return this.#value
  }
}

function sticky(): RegExp {
  const pattern = /a/gy
  pattern.lastIndex = 1
  return pattern
}

const makers: Record<string, () => object> = {
  'a plain object': () => ({ id: 1, nested: { list: [1, { deep: true }] }, [tag]: 'symbol' }),
  'an array': () => Object.assign([3, 1, [2]], { extra: true }),
  'a sparse array': () => Object.assign([], { 5: 1 }),
  'a frozen object': () => Object.freeze({ id: 1, nested: {} }),
  'a sealed object': () => Object.seal({ id: 1 }),
  'an object that cannot be extended': () => Object.preventExtensions({ id: 1 }),
  'an object without prototype': () => Object.assign(Object.create(null), { id: 1 }),
  'an object with accessors and hidden properties': () =>
    Object.defineProperties({}, { live: { get: () => 1, configurable: true }, hidden: { value: 1 } }),
  'an instance with private fields': () => new Cell(),
  'a Map': () =>
    new Map<unknown, unknown>([
      [1, { id: 1 }],
      ['two', [2]]
    ]),
  'a Set': () => new Set([1, 'two']),
  'a Date': () => new Date(5),
  'a sticky regular expression': sticky,
  'an error': () => Object.assign(new Error('kept', { cause: { id: 1 } }), { code: 'E' }),
  'a typed array': () => new Uint8Array([3, 1, 2]),
  'a function': () => Object.assign(() => 1, { level: 1 }),
  'a generator that has not started': () =>
    (function* () {
      yield 1
    })(),
  'an iterator in the middle': () => {
    const iterator = [1, 2, 3].values()
    iterator.next()
    return iterator
  }
}

/** Everything that can be told about an object, its objects included, as a flat list. */
function facts(value: object, depth = 0): unknown[] {
  const list: unknown[] = [value, Object.getPrototypeOf(value), Object.isExtensible(value)]
  for (const key of Reflect.ownKeys(value)) {
    const { get, set, value: held, ...flags } = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
    list.push(key, get, set, held, JSON.stringify(flags))
    if (typeof held === 'object' && held !== null && depth < 4) list.push(...facts(held, depth + 1))
  }
  if (value instanceof Map || value instanceof Set) list.push(...[...value.entries()].flat())
  return value instanceof Date ? [...list, value.getTime()] : list
}

/** What is left of an iterator; empty for everything else. */
function rest(value: object): unknown[] {
  return 'next' in value ? [...(value as unknown as Iterable<unknown>)] : []
}

function untouched(make: () => object): Check {
  return (wrap) => {
    const value = make()
    const before = facts(value)
    const give = wrap((given: unknown) => given)
    same(give(value), value, 'the result')
    wrap(function (this: unknown) {
      return this
    }).call(value)
    try {
      wrap((given: unknown) => {
        throw given
      })(value)
    } catch (error) {
      same(error, value, 'what was thrown')
    }
    items(facts(value), before, 'its properties')
    items(rest(value), rest(make()), 'what it still iterates over')
  }
}

export const mutation: Group = {
  name: 'values are left as they are',
  checks: {
    ...Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, untouched(make)])),
    'what the function changes in an argument, its caller sees': (wrap) => {
      const order = { items: [3, 1, 2], total: 0 }
      const settle = wrap((given: typeof order) => {
        given.items.sort()
        given.total = 6
        Object.assign(given, { done: true })
      })
      settle(order)
      items([...order.items, order.total, 'done' in order], [1, 2, 3, 6, true], 'the order')
    },
    'what the caller changes in a result, the function sees': (wrap) => {
      const kept: number[] = []
      const give = wrap(() => kept)
      give().push(1)
      give().push(2)
      items(kept, [1, 2], 'the list')
    },
    'an argument may be frozen by the function': (wrap) => {
      const given = { id: 1 }
      wrap((value: object) => Object.freeze(value))(given)
      ok(Object.isFrozen(given), 'it is frozen')
    },
    'an argument that is changed after an await keeps the change': async (wrap) => {
      const given = { steps: 0 }
      await wrap(async (value: typeof given) => {
        value.steps++
        await undefined
        value.steps++
      })(given)
      same(given.steps, 2, 'steps')
    }
  }
}
