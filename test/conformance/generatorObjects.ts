import { items, ok, same, throwsA } from './assert.ts'
import type { Group } from './case.ts'
import { noted } from './notes.ts'

export const generatorObjects: Group = {
  name: 'generator objects',
  checks: {
    'are instances of their function and its wrapper': (wrap) => {
      const original = noted([])
      const wrapped = wrap(original)
      const run = wrapped(1)
      ok(run instanceof (wrapped as never) && run instanceof (original as never), 'instanceof')
      same(Object.getPrototypeOf(run), original.prototype, 'the prototype')
    },
    'are their own iterators': (wrap) => {
      const run = wrap(noted([]))(1)
      same(run[Symbol.iterator](), run, 'Symbol.iterator')
      same(Object.prototype.toString.call(run), '[object Generator]', 'Object.prototype.toString')
      ok(
        typeof run.next === 'function' && typeof run.return === 'function' && typeof run.throw === 'function',
        'methods'
      )
    },
    'have the methods added to the prototype of the function': (wrap) => {
      const original = noted([])
      original.prototype.second = function (this: Generator) {
        this.next()
        return this.next().value
      }
      same((wrap(original)(3) as Generator & { second(): unknown }).second(), 1, 'the second value')
    },
    'a plain function that returns a generator returns that one': (wrap) => {
      const run = noted([])(2)
      same(wrap(() => run)(), run, 'the result')
      items([...run], [0, 1], 'values')
    },
    'of a generator function cannot be made with new': (wrap) => {
      throwsA(() => new (wrap(noted([])) as unknown as new () => unknown)(), TypeError, 'new')
    }
  }
}
