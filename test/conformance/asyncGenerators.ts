import { isA, items, ok, raise, rejectsSame, same, step } from './assert.ts'
import type { Group } from './case.ts'
import { collect, notedAsync } from './notes.ts'

export const asyncGenerators: Group = {
  name: 'async generators',
  checks: {
    'yield their values and return': async (wrap) => {
      const run = wrap(notedAsync([]))(2)
      step(await run.next(), 0, false, 'first step')
      step(await run.next(), 1, false, 'second step')
      step(await run.next(), 'done', true, 'last step')
      step(await run.next(), undefined, true, 'a step after the end')
    },
    'work in for await': async (wrap) => items(await collect(wrap(notedAsync([]))(3)), [0, 1, 2], 'values'),
    'do nothing until the first next()': async (wrap) => {
      const log: string[] = []
      const run = wrap(notedAsync(log))(2)
      await undefined
      same(log.length, 0, 'notes before next()')
      const first = run.next()
      items(log, ['start'], 'notes right after next()')
      isA(first, Promise, 'what next() gives')
      await first
    },
    'take the values given to next()': async (wrap) => {
      const log: string[] = []
      const run = wrap(notedAsync(log))(2)
      await run.next('ignored')
      await run.next('one')
      await run.next('two')
      items(log, ['start', 'got one', 'got two', 'finally'], 'notes')
    },
    'queue calls of next()': async (wrap) => {
      const run = wrap(notedAsync([]))(2)
      const steps = await Promise.all([run.next(), run.next(), run.next(), run.next()])
      items(
        steps.map((one) => one.value),
        [0, 1, 'done', undefined],
        'values'
      )
      items(
        steps.map((one) => one.done),
        [false, false, true, true],
        'done'
      )
    },
    'queue return() behind next()': async (wrap) => {
      const log: string[] = []
      const run = wrap(notedAsync(log))(2)
      const [first, last] = await Promise.all([run.next(), run.return('cut')])
      step(first, 0, false, 'next()')
      step(last, 'cut', true, 'return()')
      items(log, ['start', 'finally'], 'notes')
    },
    'run their finally block on break, and the loop waits for it': async (wrap) => {
      const log: string[] = []
      for await (const id of wrap(notedAsync(log))(5)) if (id === 1) break
      items(log, ['start', 'got undefined', 'finally'], 'notes')
    },
    'run their finally block when the loop throws': async (wrap) => {
      const log: string[] = []
      const loop = async (): Promise<void> => {
        for await (const _ of wrap(notedAsync(log))(5)) raise('loop')
      }
      await rejectsSame(loop(), 'loop', 'the loop')
      items(log, ['start', 'finally'], 'notes')
    },
    'reject with what their body throws': async (wrap) => {
      const reason = {}
      const run = wrap(async function* () {
        yield 1
        raise(reason)
      })()
      await run.next()
      await rejectsSame(run.next(), reason, 'the second step')
      step(await run.next(), undefined, true, 'the step after it')
    },
    'await what they yield and return': async (wrap) => {
      const run = wrap(async function* () {
        yield Promise.resolve('yielded')
        return Promise.resolve('returned')
      })()
      step(await run.next(), 'yielded', false, 'first step')
      step(await run.next(), 'returned', true, 'last step')
    },
    'throw at a yielded rejection, inside': async (wrap) => {
      const run = wrap(async function* () {
        try {
          yield Promise.reject('no')
        } catch (error) {
          yield `caught ${error}`
        }
      })()
      step(await run.next(), 'caught no', false, 'the step')
    },
    'throw() is caught inside': async (wrap) => {
      const log: string[] = []
      const run = wrap(notedAsync(log))(3)
      await run.next()
      step(await run.throw('oops'), 'recovered', true, 'throw()')
      items(log, ['start', 'caught oops', 'finally'], 'notes')
    },
    'throw() that is not caught rejects': async (wrap) => {
      const run = wrap(async function* () {
        yield 1
      })()
      await run.next()
      await rejectsSame(run.throw('back'), 'back', 'throw()')
      step(await run.next(), undefined, true, 'the step after it')
    },
    'throw() and return() before the first step do not run the body': async (wrap) => {
      const log: string[] = []
      await rejectsSame(wrap(notedAsync(log))(3).throw('early'), 'early', 'throw()')
      step(await wrap(notedAsync(log))(3).return('early'), 'early', true, 'return()')
      same(log.length, 0, 'notes')
    },
    'return() awaits its value': async (wrap) => {
      const run = wrap(notedAsync([]))(3)
      await run.next()
      step(await run.return(Promise.resolve('given')), 'given', true, 'return()')
      step(await run.next(), undefined, true, 'the step after it')
    },
    'yield* goes through async and sync generators': async (wrap) => {
      const log: string[] = []
      const inner = wrap(notedAsync(log))
      const many = wrap(function* () {
        yield* ['a', 'b']
      })
      const outer = wrap(async function* (): AsyncGenerator<unknown> {
        yield* many()
        yield yield* inner(2)
      })
      items(await collect(outer()), ['a', 'b', 0, 1, 'done'], 'values')
      for await (const value of outer()) if (value === 1) break
      same(log.at(-1), 'finally', 'the last note')
    },
    'can run side by side': async (wrap) => {
      const count = wrap(notedAsync([]))
      const lists = await Promise.all([collect(count(3)), collect(count(2))])
      items(lists.flat(), [0, 1, 2, 0, 1], 'values')
    },
    'keep this and arguments': async (wrap) => {
      const owner = {
        each: wrap(async function* (this: unknown, ...rest: unknown[]) {
          yield this
          yield* rest
        })
      }
      items(await collect(owner.each(1, 2, 3)), [owner, 1, 2, 3], 'this and arguments')
    },
    'are instances of their function and its wrapper': (wrap) => {
      const original = notedAsync([])
      const wrapped = wrap(original)
      const run = wrapped(1)
      ok(run instanceof (wrapped as never) && run instanceof (original as never), 'instanceof')
      same(Object.getPrototypeOf(run), original.prototype, 'the prototype')
      same(run[Symbol.asyncIterator](), run, 'Symbol.asyncIterator')
      same(Object.prototype.toString.call(run), '[object AsyncGenerator]', 'Object.prototype.toString')
    }
  }
}
