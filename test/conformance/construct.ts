import { isA, items, ok, same, throwsA, throwsSame } from './assert.ts'
import type { AnyFunction, Callable, Group } from './case.ts'
import { Legacy, type LegacyClass, Point } from './targets.ts'

const notConstructors: Record<string, Callable> = {
  'an arrow function': () => 1,
  'an async function': async function no() {},
  'a generator function': function* no() {},
  'a method': { no() {} }.no,
  'a native function': Math.max
}

export const construct: Group = {
  name: 'new',
  checks: {
    'makes an instance of the class': (wrap) => {
      const point = new (wrap(Point))(2, 3)
      isA(point, Point, 'the instance')
      same(Object.getPrototypeOf(point), Point.prototype, 'its prototype')
      items([point.sum, point.reveal()], [5, 2], 'its fields')
      ok(Point.knows(point), 'its private fields are there')
    },
    'makes an instance of a constructor function': (wrap) => {
      const Wrapped = wrap(Legacy) as unknown as LegacyClass
      const made = new Wrapped(4)
      isA(made, Legacy, 'the instance')
      same(made.made, 4, 'its field')
    },
    'passes arguments and leaves defaults alone': (wrap) => {
      const Wrapped = wrap(Point)
      items([new Wrapped(2).sum, new Wrapped(2, undefined).sum, new Wrapped(2, 5).sum], [3, 3, 7], 'sums')
    },
    'runs the constructor once': (wrap) => {
      let runs = 0
      ;new (wrap(
        class {
          id = ++runs
        }
      ))()
      same(runs, 1, 'runs')
    },
    'throws what the constructor throws': (wrap) => {
      const reason = { code: 1 }
      const Broken = wrap(
        class {
          constructor() {
            throw reason
          }
        }
      )
      throwsSame(() => new Broken(), reason, 'the call')
    },
    'returns the object that the constructor returns': (wrap) => {
      const kept = { kept: true }
      const Class = wrap(
        class {
          constructor() {
            return kept
          }
        }
      )
      same(new Class(), kept, 'the result')
      const Plain = wrap(function () {
        return kept
      }) as unknown as new () => unknown
      same(new Plain(), kept, 'the result of a function')
    },
    'ignores a primitive that a constructor function returns': (wrap) => {
      const Plain = function (this: { set: boolean }): number {
        this.set = true
        return 7
      }
      const made = new (wrap(Plain) as unknown as new () => { set: boolean })()
      same(made.set, true, 'the field')
      isA(made, Plain, 'the instance')
    },
    'a class cannot be called without new': (wrap) => {
      const call = wrap(Point) as unknown as AnyFunction
      throwsA(() => call(1), TypeError, 'the call')
      throwsA(() => call.call(Object.create(Point.prototype), 1), TypeError, 'the call with an instance')
    },
    ...Object.fromEntries(
      Object.entries(notConstructors).map(
        ([name, fn]) =>
          [
            `${name} cannot be called with it`,
            (wrap) => throwsA(() => new (wrap(fn) as unknown as new () => unknown)(), TypeError, 'new')
          ] satisfies [string, Group['checks'][string]]
      )
    )
  }
}
