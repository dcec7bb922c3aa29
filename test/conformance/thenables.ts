import { items, ok, rejectsSame, same } from './assert.ts'
import type { Group } from './case.ts'

/** Runs its executor when it is awaited, not before, as `p-lazy` does. */
class LazyPromise<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
  #executor: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void
  #promise: Promise<T> | undefined
  constructor(executor: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void) {
    super((resolve) => resolve(undefined as T))
    this.#executor = executor
  }
  // biome-ignore lint/suspicious/noThenProperty: a lazy promise overrides it
  override then<A = T, B = never>(
    good?: ((value: T) => A | PromiseLike<A>) | null,
    bad?: ((reason: unknown) => B | PromiseLike<B>) | null
  ): Promise<A | B> {
    this.#promise ??= new Promise<T>(this.#executor)
    return this.#promise.then(good, bad)
  }
}

/** Like a query builder: it chains, and runs when it is awaited. */
class Builder {
  reads = 0
  parts: string[] = []
  where(part: string): this {
    this.parts.push(part)
    return this
  }
  // biome-ignore lint/suspicious/noThenProperty: the getter is the point
  get then(): (good: (value: string) => void) => void {
    this.reads++
    return (good) => good(this.parts.join())
  }
}

function counting(): { thenable: PromiseLike<number>; calls: () => number } {
  let calls = 0
  const then = (good: (value: number) => void): void => good(++calls)
  return { thenable: { then } as PromiseLike<number>, calls: () => calls }
}

/** Answers every property with itself, `then` included, and counts its calls. */
function answersAll(): { mock: unknown; calls: () => number } {
  let calls = 0
  const mock: unknown = new Proxy(() => 0, { get: () => mock, apply: () => ++calls })
  return { mock, calls: () => calls }
}

export const thenables: Group = {
  name: 'lazy thenables',
  checks: {
    'then of a result is never called': async (wrap) => {
      const { thenable, calls } = counting()
      same(wrap(() => thenable)(), thenable, 'the result')
      await undefined
      same(calls(), 0, 'calls of then')
    },
    'then of an argument is never called': async (wrap) => {
      const { thenable, calls } = counting()
      wrap((given: unknown) => given === thenable)(thenable)
      await undefined
      same(calls(), 0, 'calls of then')
    },
    'then of what was thrown is never called': async (wrap) => {
      const { thenable, calls } = counting()
      try {
        wrap(() => {
          throw thenable
        })()
      } catch {}
      await undefined
      same(calls(), 0, 'calls of then')
    },
    'then of a yielded value is never called': async (wrap) => {
      const { thenable, calls } = counting()
      const [yielded] = wrap(function* () {
        yield thenable
      })()
      same(yielded, thenable, 'the yielded value')
      await undefined
      same(calls(), 0, 'calls of then')
    },
    'then of what a constructor returns is never called': async (wrap) => {
      const { thenable, calls } = counting()
      const Make = wrap(function () {
        return thenable
      }) as unknown as new () => unknown
      same(new Make(), thenable, 'the result')
      await undefined
      same(calls(), 0, 'calls of then')
    },
    'a then getter that throws does no harm': async (wrap) => {
      const value = {
        // biome-ignore lint/suspicious/noThenProperty: the getter is the point
        get then(): never {
          throw new Error('then was read')
        }
      }
      same(wrap(() => value)(), value, 'the result')
      same(wrap((given: unknown) => given)(value), value, 'the argument')
      const box = await wrap(async () => [value])()
      items(box, [value], 'the value in an async result')
    },
    'a then getter of a class is not even read': async (wrap) => {
      const builder = new Builder()
      same(wrap(() => builder.where('a'))().where('b'), builder, 'the result')
      await undefined
      same(builder.reads, 0, 'reads of then')
      same(await wrap(() => builder)(), 'a,b', 'what it gives when it is awaited')
    },
    'a function with a then is a function': (wrap) => {
      const { thenable, calls } = counting()
      // biome-ignore lint/suspicious/noThenProperty: a thenable is the point
      const fn = Object.assign(() => 'called', { then: thenable.then })
      same(wrap(() => fn)()(), 'called', 'the result of the result')
      same(calls(), 0, 'calls of then')
    },
    'an object that answers every property is not called': async (wrap) => {
      const { mock, calls } = answersAll()
      same(wrap((given: unknown) => given)(mock), mock, 'the result')
      await undefined
      same(calls(), 0, 'calls')
    },
    'a promise whose then is lazy does not start': async (wrap) => {
      let started = 0
      const lazy = new LazyPromise<number>((resolve) => resolve(++started))
      same(wrap(() => lazy)(), lazy, 'the result')
      await new Promise((resolve) => setTimeout(resolve, 1))
      same(started, 0, 'starts before it is awaited')
      items([await lazy, await lazy, started], [1, 1, 1], 'values and starts')
    },
    'a lazy promise that fails rejects when it is awaited': async (wrap) => {
      const give = wrap(() => new LazyPromise((_, reject) => reject('lazily')))
      await rejectsSame(give(), 'lazily', 'the promise')
    },
    'a thenable that an async function returns is called once': async (wrap) => {
      const { thenable, calls } = counting()
      same(await wrap(async () => thenable)(), 1, 'the value')
      same(calls(), 1, 'calls of then')
    },
    'a thenable that the caller awaits is called once': async (wrap) => {
      const { thenable, calls } = counting()
      same(await wrap(() => thenable)(), 1, 'the value')
      ok(calls() === 1, 'then was called once')
    }
  }
}
