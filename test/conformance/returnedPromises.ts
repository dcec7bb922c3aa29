import { isA, items, ok, ownKeys, raise, rejectsSame, same } from './assert.ts'
import type { Check, Group } from './case.ts'

class Query<T> extends Promise<T> {
  sql = 'select 1'
  #runs = 0
  explain(): string {
    return `plan of ${this.sql}, ${++this.#runs}`
  }
}

class Countless<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    throw new Error('species was read')
  }
}

function withOwnThen(): Promise<number> {
  const promise = Promise.resolve(1)
  return Object.defineProperty(promise, 'then', {
    configurable: true,
    value: () => raise('then was called')
  })
}

const makers: Record<string, () => Promise<unknown>> = {
  'a settled promise': () => Promise.resolve(1),
  'a pending promise': () => new Promise((resolve) => setTimeout(resolve, 1)),
  'a promise that never settles': () => new Promise(() => {}),
  'a promise with properties of its own': () => Object.assign(Promise.resolve(1), { cancel: () => 'cancelled' }),
  'a promise of a subclass': () => Query.resolve(1),
  'a promise of a subclass whose species throws': () => new Countless((resolve) => resolve(1)),
  'a frozen promise': () => Object.freeze(Promise.resolve(1)),
  'a promise that cannot be extended': () => Object.preventExtensions(Promise.resolve(1)),
  'a promise whose then is its own, and throws': withOwnThen,
  'a promise whose constructor is its own, and throws': () =>
    Object.defineProperty(Promise.resolve(1), 'constructor', { get: () => raise('constructor was read') }),
  'a promise without prototype': () => Object.setPrototypeOf(Promise.resolve(1), null),
  'a Proxy of a promise': () => new Proxy(Promise.resolve(1), {})
}

function returned(make: () => Promise<unknown>): Check {
  return async (wrap) => {
    const promise = make()
    const give = wrap(() => promise)
    same(give(), promise, 'the result')
    same(give(), promise, 'the result of the second call')
    same(Object.getPrototypeOf(promise), Object.getPrototypeOf(make()), 'its prototype')
    await undefined
  }
}

export const returnedPromises: Group = {
  name: 'promises that a plain function returns',
  checks: {
    ...Object.fromEntries(Object.entries(makers).map(([name, make]) => [`the same object: ${name}`, returned(make)])),
    'own keys are unchanged once it was awaited': async (wrap) => {
      const promise = Object.assign(Promise.resolve(1), { extra: 1 })
      same(await wrap(() => promise)(), 1, 'the value')
      items(ownKeys(promise), ['extra'], 'own keys')
      same(promise.then, Promise.prototype.then, 'then')
      same(promise.constructor, Promise, 'constructor')
    },
    'own keys are unchanged once a rejection was caught': async (wrap) => {
      const promise = Promise.reject('no')
      await rejectsSame(wrap(() => promise)(), 'no', 'the promise')
      items(ownKeys(promise), [], 'own keys')
    },
    'a subclass keeps its methods, fields and class': async (wrap) => {
      const query = new Query<number>((resolve) => setTimeout(resolve, 1, 7))
      const given = wrap(() => query)()
      same(given.explain(), 'plan of select 1, 1', 'an extra method')
      same(await given, 7, 'the value')
      isA(given, Query, 'the promise')
      isA(given.then(), Query, 'what its then() gives')
      same(given.constructor, Query, 'constructor')
      items(ownKeys(query), ['sql'], 'own keys')
      same(given.explain(), 'plan of select 1, 2', 'an extra method after settling')
    },
    'a subclass gives a value to every way of waiting': async (wrap) => {
      const give = wrap((value: number) => Query.resolve(value))
      items(await Promise.all([give(1), give(2)]), [1, 2], 'Promise.all')
      same(await give(3).then((value) => value + 1), 4, 'then')
      same(await Promise.race([give(5)]), 5, 'Promise.race')
      same(await new Promise((resolve) => resolve(give(6))), 6, 'resolve')
    },
    'one rejecting subclass promise rejects with its reason': async (wrap) => {
      const reason = new Error('no')
      await rejectsSame(wrap(() => Query.reject(reason))(), reason, 'the promise')
    },
    'a promise in a cache stays one promise': async (wrap) => {
      const cache = new Map<string, Promise<object>>()
      const load = wrap((key: string) => {
        if (!cache.has(key)) cache.set(key, Promise.resolve({ key }))
        return cache.get(key) as Promise<object>
      })
      const [first, second] = [load('a'), load('a')]
      same(first, second, 'two results')
      ok((await first) === (await load('a')), 'one value')
    },
    'a promise passed as an argument arrives as it is': async (wrap) => {
      const promise = Promise.resolve(1)
      const take = wrap((given: Promise<number>) => given === promise)
      same(take(promise), true, 'the same promise')
      same(await promise, 1, 'the value')
    },
    'a new promise from a wrapped constructor is that promise': (wrap) => {
      const kept = Promise.resolve(1)
      const Make = wrap(function () {
        return kept
      }) as unknown as new () => unknown
      same(new Make(), kept, 'the result')
    }
  }
}
