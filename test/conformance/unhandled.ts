import { ok } from './assert.ts'
import type { Check, Group } from './case.ts'
import { expectReported, type Fail, failing } from './failing.ts'

const ignore = (): undefined => undefined

function firesOnce(make: () => Fail): Check {
  return async (wrap, host) => {
    const reason = new Error('unhandled, as it should be')
    await expectReported(host, [reason], () => void wrap(make())(reason))
  }
}

export const unhandled: Group = {
  name: 'unhandled rejections fire once',
  needs: 'unhandledRejection',
  checks: {
    ...Object.fromEntries(Object.entries(failing).map(([name, make]) => [name, firesOnce(make)])),
    'with the reason undefined': (wrap, host) =>
      expectReported(host, [undefined], () => void wrap(() => Promise.reject(undefined))()),
    'through two wrappers': (wrap, host) =>
      expectReported(host, ['twice'], () => void wrap(wrap(async () => Promise.reject('twice')))()),
    'when only the good case is handled': (wrap, host) =>
      expectReported(host, ['then only'], () => void wrap(() => Promise.reject('then only'))().then(ignore)),
    'in each branch of then that does not handle it': (wrap, host) =>
      expectReported(host, ['branch', 'branch'], () => {
        const promise = wrap(async () => Promise.reject('branch'))()
        promise.then(ignore)
        promise.finally(ignore)
      }),
    'for a cached promise that is returned twice': (wrap, host) => {
      return expectReported(host, ['cached'], () => {
        const cached = Promise.reject('cached')
        const give = wrap(() => cached)
        ok(give() === give(), 'the same promise')
      })
    },
    'for the promise that next() of an async generator gives': (wrap, host) =>
      expectReported(host, ['step'], () => {
        void wrap(async function* () {
          yield await Promise.reject('step')
        })().next()
      }),
    'for a rejected promise that is an argument or a property of a result': (wrap, host) =>
      expectReported(host, ['argument', 'property'], () => {
        wrap((_given: unknown) => 1)(Promise.reject('argument'))
        wrap(() => ({ held: Promise.reject('property') }))()
      }),
    'for a rejected promise that is yielded': (wrap, host) =>
      expectReported(host, ['yielded'], () => {
        wrap(function* () {
          yield Promise.reject('yielded')
        })().next()
      })
  }
}
