import { isA, items, ok, raise, rejectsSame, same, throwsSame } from './assert.ts'
import type { Group, Wrap } from './case.ts'

const twice =
  (wrap: Wrap): Wrap =>
  (fn) =>
    wrap(wrap(fn))

class Temperature {
  degrees: number
  constructor(degrees: number) {
    this.degrees = degrees
  }
}

export const wrappedTwice: Group = {
  name: 'a wrapper of a wrapper',
  checks: {
    'passes arguments, this, results and throws': (wrap) => {
      const owner = {
        read: twice(wrap)(function (this: unknown, ...rest: unknown[]) {
          return [this, ...rest]
        })
      }
      items(owner.read(1, 2, 3), [owner, 1, 2, 3], 'this and arguments')
      throwsSame(
        twice(wrap)(() => raise('no')),
        'no',
        'the call'
      )
    },
    'keeps name, length and statics': (wrap) => {
      const fn = Object.assign(
        function original(one: unknown, two: unknown) {
          return [one, two]
        },
        { level: 3 }
      )
      const wrapped = twice(wrap)(fn)
      items(
        [wrapped.name, wrapped.length, wrapped.level, wrapped.prototype],
        [fn.name, 2, 3, fn.prototype],
        'properties'
      )
    },
    'is a constructor, and can be extended': (wrap) => {
      const Wrapped = twice(wrap)(Temperature)
      class Cold extends Wrapped {}
      isA(new Wrapped(1), Temperature, 'the instance')
      ok(new Cold(1) instanceof Cold && new Cold(1) instanceof Temperature, 'instanceof')
      same(new Cold(-5).degrees, -5, 'the field')
    },
    'passes new.target': (wrap) => {
      const Wrapped = twice(wrap)(function (this: object) {
        return { target: new.target }
      }) as unknown as new () => { target: unknown }
      class Sub extends Wrapped {}
      same(new Sub().target, Sub, 'new.target')
    },
    'awaits and rejects': async (wrap) => {
      same(await twice(wrap)(async (given: number) => given)(1), 1, 'the value')
      await rejectsSame(twice(wrap)(async () => raise('no'))(), 'no', 'the promise')
      const promise = Promise.resolve(1)
      same(twice(wrap)(() => promise)(), promise, 'the promise of a plain function')
    },
    'yields, and closes on break': async (wrap) => {
      const log: string[] = []
      const run = twice(wrap)(function* () {
        try {
          yield* [1, 2, 3]
        } finally {
          log.push('finally')
        }
      })
      for (const value of run()) if (value === 2) break
      items(log, ['finally'], 'notes')
      items([...run()], [1, 2, 3], 'values')
      for await (const value of twice(wrap)(async function* () {
        yield 5
      })())
        same(value, 5, 'an async value')
    }
  }
}
