import { isA, ok, same, throwsA } from './assert.ts'
import type { AnyFunction, Group } from './case.ts'
import { Legacy, type LegacyClass, Point } from './targets.ts'

class Abstract {
  constructor() {
    if (new.target === Abstract) throw new TypeError('abstract')
  }
}

type Class = new () => object

export const newTarget: Group = {
  name: 'new.target',
  checks: {
    'is undefined in a call': (wrap) => {
      const read = wrap(function () {
        return new.target
      }) as unknown as AnyFunction
      same(read(), undefined, 'new.target')
      same(read.call({}), undefined, 'new.target of a method call')
      same(
        read.call(Object.create((read as unknown as Class).prototype)),
        undefined,
        'new.target with an instance as this'
      )
    },
    'is the function itself under new': (wrap) => {
      const made = new (wrap(Legacy) as unknown as LegacyClass)(1)
      same(made.target, Legacy, 'new.target of a function')
      same(new (wrap(Point))(1).target, Point, 'new.target of a class')
    },
    'lets a class refuse to be instantiated': (wrap) => {
      const Wrapped = wrap(Abstract)
      throwsA(() => new Wrapped(), TypeError, 'new')
      class Concrete extends Wrapped {}
      isA(new Concrete(), Abstract, 'the instance of a subclass')
    },
    'is the subclass when that is instantiated': (wrap) => {
      class Sub extends wrap(Point) {}
      same(new Sub(1).target, Sub, 'new.target')
    },
    'is what Reflect.construct is given': (wrap) => {
      class Other {}
      const made = Reflect.construct(wrap(Point), [1], Other)
      same(made.target, Other, 'new.target')
      same(Object.getPrototypeOf(made), Other.prototype, 'the prototype')
      ok(Point.knows(made), 'the private fields are there')
    },
    'can be the wrapper for another constructor': (wrap) => {
      const Wrapped = wrap(Point)
      isA(Reflect.construct(Map, [], Wrapped), Point, 'the Map')
      isA(Reflect.construct(Wrapped, [1], Wrapped), Point, 'the point')
    },
    'gives the prototype of the new target, not of the function': (wrap) => {
      const bare = function (): void {}.bind(undefined)
      const made = Reflect.construct(wrap(Legacy) as unknown as LegacyClass, [1], bare)
      same(Object.getPrototypeOf(made), Object.prototype, 'the prototype for a target without one')
    }
  }
}
