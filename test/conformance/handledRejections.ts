import { rejectsSame } from './assert.ts'
import type { Check, Group, Wrap } from './case.ts'
import { expectReported, type Fail, failing } from './failing.ts'

type Handle = (promise: Promise<unknown>) => unknown

const ignore = (): undefined => undefined

/** The ways to handle a rejection in time. */
const handlers: Record<string, Handle> = {
  catch: (promise) => promise.catch(ignore),
  'then with a second function': (promise) => promise.then(ignore, ignore),
  'then, and catch at the end': (promise) => promise.then(ignore).then(ignore).catch(ignore),
  'finally and catch': (promise) => promise.finally(ignore).catch(ignore),
  'await in try': async (promise) => {
    try {
      await promise
    } catch {}
  },
  'Promise.all': (promise) => Promise.all([1, promise]).catch(ignore),
  'Promise.allSettled': (promise) => Promise.allSettled([promise]),
  'Promise.race': (promise) => Promise.race([promise, new Promise(() => {})]).catch(ignore),
  'Promise.any': (promise) => Promise.any([promise, 1]),
  'Promise.resolve': (promise) => Promise.resolve(promise).catch(ignore),
  'resolving another promise with it': (promise) => new Promise((resolve) => resolve(promise)).catch(ignore),
  'Promise.prototype.then': (promise) => Promise.prototype.then.call(promise, undefined, ignore),
  'an async function that returns it': (promise) => (async () => promise)().catch(ignore),
  'for await': async (promise) => {
    try {
      for await (const _ of [promise]) ignore()
    } catch {}
  },
  'a catch one microtask later': (promise) => queueMicrotask(() => promise.catch(ignore)),
  'an await after another await': async (promise) => {
    await undefined
    await undefined
    await promise.catch(ignore)
  },
  'two catches': (promise) => [promise.catch(ignore), promise.catch(ignore)]
}

function neverFires(make: () => Fail, handle: Handle): Check {
  return (wrap, host) => expectReported(host, [], () => handle(wrap(make())(new Error('handled'))))
}

const handled: [string, Check][] = Object.entries(failing).flatMap(([kind, make]) =>
  Object.entries(handlers).map(([way, handle]): [string, Check] => [`${kind}, by ${way}`, neverFires(make, handle)])
)

export const handledRejections: Group = {
  name: 'handled rejections never fire',
  needs: 'unhandledRejection',
  checks: {
    ...Object.fromEntries(handled),
    'a rejected promise as an argument, handled by the function': (wrap, host) =>
      expectReported(host, [], () =>
        wrap((given: Promise<unknown>) => given.catch(ignore))(Promise.reject('argument'))
      ),
    'a step of an async generator': (wrap, host) =>
      expectReported(host, [], async () => {
        const steps = wrap(async function* () {
          yield await Promise.reject('step')
        })()
        await rejectsSame(steps.next(), 'step', 'the step')
      }),
    'an inner async function whose caller handles it': (wrap: Wrap, host) =>
      expectReported(host, [], () => {
        const inner = wrap(async () => Promise.reject('inner'))
        return wrap(async () => inner())().catch(ignore)
      })
  }
}
