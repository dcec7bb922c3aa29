import { items, raise, same, step, throwsA, throwsSame } from './assert.ts'
import type { Group } from './case.ts'
import { noted } from './notes.ts'

export const generators: Group = {
  name: 'generators',
  checks: {
    'yield their values and return': (wrap) => {
      const run = wrap(noted([]))(2)
      step(run.next(), 0, false, 'first step')
      step(run.next(), 1, false, 'second step')
      step(run.next(), 'done', true, 'last step')
      step(run.next(), undefined, true, 'a step after the end')
    },
    'yield the very objects': (wrap) => {
      const [first, second] = [{}, Promise.resolve(1)]
      const run = wrap(function* () {
        yield first
        yield second
        return first
      })()
      items([run.next().value, run.next().value, run.next().value], [first, second, first], 'values')
    },
    'do nothing until the first next()': (wrap) => {
      const log: string[] = []
      const run = wrap(noted(log))(2)
      same(log.length, 0, 'notes before next()')
      run.next()
      items(log, ['start'], 'notes after next()')
    },
    'evaluate default parameters in the call': (wrap) => {
      const fail = wrap(function* (given: number = raise('missing')) {
        yield given
      })
      throwsSame(() => fail(), 'missing', 'the call')
      items([...fail(1)], [1], 'values with an argument')
    },
    'take the values given to next()': (wrap) => {
      const log: string[] = []
      const run = wrap(noted(log))(2)
      run.next('ignored')
      run.next('one')
      run.next('two')
      items(log, ['start', 'got one', 'got two', 'finally'], 'notes')
    },
    'can be spread, collected and destructured': (wrap) => {
      const count = wrap(noted([]))
      items([...count(3)], [0, 1, 2], 'spread')
      items(Array.from(count(2)), [0, 1], 'Array.from')
      items([...new Set(count(2))], [0, 1], 'new Set')
      const log: string[] = []
      const [first] = wrap(noted(log))(3)
      same(first, 0, 'the first of many')
      items(log, ['start', 'finally'], 'notes: destructuring closes the generator')
    },
    'are lazy': (wrap) => {
      let made = 0
      const endless = wrap(function* () {
        for (;;) yield ++made
      })()
      items([endless.next().value, endless.next().value, made], [1, 2, 2], 'values, and how many were made')
    },
    'run their finally block on break': (wrap) => {
      const log: string[] = []
      for (const id of wrap(noted(log))(5)) if (id === 1) break
      items(log, ['start', 'got undefined', 'finally'], 'notes')
    },
    'run their finally block when the loop throws': (wrap) => {
      const log: string[] = []
      const loop = (): void => {
        for (const _ of wrap(noted(log))(5)) raise('loop')
      }
      throwsSame(loop, 'loop', 'the loop')
      items(log, ['start', 'finally'], 'notes')
    },
    'throw what their body throws': (wrap) => {
      const reason = {}
      const run = wrap(function* () {
        yield 1
        raise(reason)
      })()
      run.next()
      throwsSame(() => run.next(), reason, 'the second step')
      step(run.next(), undefined, true, 'the step after it')
    },
    'recursion through yield* walks a tree': (wrap) => {
      type Tree = [number, ...Tree[]]
      const walk = wrap(function* ([id, ...below]: Tree): Generator<number> {
        yield id
        for (const tree of below) yield* walk(tree)
      })
      items([...walk([1, [2, [3]], [4]])], [1, 2, 3, 4], 'values')
    },
    'yield* passes values, throw() and return() inwards': (wrap) => {
      const log: string[] = []
      const inner = wrap(noted(log))
      const outer = wrap(function* (): Generator<number, string, unknown> {
        return `outer ${yield* inner(3)}`
      })
      const run = outer()
      run.next()
      run.next('a')
      step(run.throw('b'), 'outer recovered', true, 'throw()')
      items(log, ['start', 'got a', 'caught b', 'finally'], 'notes')
      const cut = outer()
      cut.next()
      step(cut.return('cut'), 'cut', true, 'return()')
      same(log.at(-1), 'finally', 'the last note')
    },
    'can run side by side': (wrap) => {
      const count = wrap(noted([]))
      const [first, second] = [count(3), count(3)]
      const seen = [first.next(), second.next(), second.next(), first.next(), second.next()]
      items(
        seen.map((one) => one.value),
        [0, 0, 1, 1, 2],
        'values'
      )
      step(first.return('left'), 'left', true, 'return() of one')
      step(second.next(), 'done', true, 'the end of the other')
    },
    'keep this and arguments': (wrap) => {
      const owner = {
        each: wrap(function* (this: unknown, ...rest: unknown[]) {
          yield this
          yield* rest
        })
      }
      items([...owner.each(1, 2, 3)], [owner, 1, 2, 3], 'this and arguments')
    },
    'may be the Symbol.iterator of a class': (wrap) => {
      class Deck {
        *[Symbol.iterator](): Generator<string> {
          yield* ['ace', 'king']
        }
      }
      Deck.prototype[Symbol.iterator] = wrap(Deck.prototype[Symbol.iterator])
      items([...new Deck()], ['ace', 'king'], 'values')
    },
    'refuse to be run from inside themselves': (wrap) => {
      const run: Generator<unknown> = wrap(function* () {
        yield run.next()
      })()
      throwsA(() => run.next(), TypeError, 'next() while running')
    },
    'yield many values': (wrap) => {
      let sum = 0
      for (const id of wrap(noted([]))(10_000)) sum += id
      same(sum, 49_995_000, 'the sum')
    }
  }
}
