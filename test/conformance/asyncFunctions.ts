import { isA, items, ok, raise, rejectsSame, same } from './assert.ts'
import type { Group } from './case.ts'

export const asyncFunctions: Group = {
  name: 'async functions',
  checks: {
    'give a promise of the very value': async (wrap) => {
      const kept = {}
      const promise = wrap(async () => kept)()
      isA(promise, Promise, 'the result')
      same(Object.getPrototypeOf(promise), Promise.prototype, 'its prototype')
      same(await promise, kept, 'the value')
    },
    'give undefined and null': async (wrap) => {
      items([await wrap(async () => {})(), await wrap(async () => null)()], [undefined, null], 'values')
    },
    'give their arguments and this': async (wrap) => {
      const owner = {
        read: wrap(async function (this: unknown, ...rest: unknown[]) {
          await undefined
          return [this, ...rest]
        })
      }
      items(await owner.read(1, 2, 3), [owner, 1, 2, 3], 'this and arguments')
    },
    'as arrows keep the this around them': async (wrap) => {
      class Owner {
        read = wrap(async () => this)
      }
      const owner = new Owner()
      same(await owner.read.call({} as never), owner, 'this')
    },
    'start before the call returns': async (wrap) => {
      const order: string[] = []
      const run = wrap(async () => {
        order.push('start')
        await undefined
        order.push('end')
      })
      const promise = run()
      order.push('after the call')
      await promise
      same(order.join(), 'start,after the call,end', 'the order')
    },
    'that throw at once reject, and do not throw': async (wrap) => {
      const reason = { reason: true }
      const promise = wrap(async () => {
        throw reason
      })()
      await rejectsSame(promise, reason, 'the promise')
    },
    'reject with undefined': async (wrap) => {
      await rejectsSame(wrap(async () => Promise.reject(undefined))(), undefined, 'the promise')
    },
    'whose default parameter throws reject': async (wrap) => {
      const fail = wrap(async (given: number = raise('missing')) => given)
      await rejectsSame(fail(), 'missing', 'the promise')
    },
    'that await a rejection reject with its error': async (wrap) => {
      const error = new Error('later')
      const promise = wrap(async () => {
        await undefined
        throw error
      })()
      await rejectsSame(promise, error, 'the promise')
    },
    'that await a wrapped one can catch': async (wrap) => {
      const inner = wrap(async () => raise('inner'))
      const outer = wrap(async () => {
        try {
          return await inner()
        } catch (error) {
          return `caught ${error}`
        }
      })
      same(await outer(), 'caught inner', 'the value')
    },
    'give another promise at each call': async (wrap) => {
      const run = wrap(async () => 1)
      const [first, second] = [run(), run()]
      ok(first !== second, 'two promises')
      items(await Promise.all([first, second]), [1, 1], 'values')
    },
    'run side by side without mixing': async (wrap) => {
      const run = wrap(async (id: number) => {
        for (let turn = 0; turn < 5 - id; turn++) await undefined
        return id
      })
      items(await Promise.all([run(0), run(1), run(2), run(3)]), [0, 1, 2, 3], 'values')
    },
    'their promise takes many handlers, in order': async (wrap) => {
      const order: unknown[] = []
      const promise = wrap(async () => 'value')()
      await Promise.all([1, 2, 3].map((id) => promise.then((value) => order.push(id, value))))
      items(order, [1, 'value', 2, 'value', 3, 'value'], 'the order')
    },
    'finally runs once, and keeps the value': async (wrap) => {
      let runs = 0
      same(await wrap(async () => 1)().finally(() => ++runs), 1, 'the value')
      same(runs, 1, 'runs')
    }
  }
}
