import { items, ok, rejectsSame, show } from './assert.ts'
import type { Check, Group, Host, RejectionTrap, Wrap } from './case.ts'

class Task<T> extends Promise<T> {}

type Fail = (reason: unknown) => Promise<unknown>

async function failLater(reason: unknown): Promise<never> {
  await undefined
  throw reason
}

/** The functions that fail, by where their rejecting promise comes from. */
const failing: Record<string, () => Fail> = {
  'an async function': () => async (reason) => {
    throw reason
  },
  'an async function that awaited': () => async (reason) => failLater(reason),
  'a plain function with a rejected promise': () => (reason) => Promise.reject(reason),
  'a plain function with a promise that will reject': () => (reason) => failLater(reason),
  'a plain function with a promise of a subclass': () => (reason) =>
    new Task((_, reject) => setTimeout(reject, 1, reason))
}

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

function turn(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** What was reported: waits a little longer when something has to come. */
async function reported(trap: RejectionTrap, wanted: number): Promise<readonly unknown[]> {
  for (let round = 0; round < 25 && trap.reasons().length < wanted; round++) await turn(4)
  await turn(0)
  await turn(2)
  return trap.reasons()
}

/** Runs with a trap set, then expects exactly these reasons. */
async function expectReported(host: Host, reasons: readonly unknown[], run: () => unknown): Promise<void> {
  const trap = (host.trapRejections as () => RejectionTrap)()
  try {
    await run()
    const seen = await reported(trap, reasons.length)
    items(seen, reasons, `unhandled rejections (${seen.map(show).join(', ') || 'none'})`)
  } finally {
    trap.release()
  }
}

function firesOnce(make: () => Fail): Check {
  return async (wrap, host) => {
    const reason = new Error('unhandled, as it should be')
    await expectReported(host, [reason], () => void wrap(make())(reason))
  }
}

function neverFires(make: () => Fail, handle: Handle): Check {
  return (wrap, host) => expectReported(host, [], () => handle(wrap(make())(new Error('handled'))))
}

const kinds = Object.entries(failing)

const handled: [string, Check][] = kinds.flatMap(([kind, make]) =>
  Object.entries(handlers).map(([way, handle]): [string, Check] => [`${kind}, by ${way}`, neverFires(make, handle)])
)

export const unhandled: Group = {
  name: 'unhandled rejections fire once',
  needs: 'unhandledRejection',
  checks: {
    ...Object.fromEntries(kinds.map(([name, make]) => [name, firesOnce(make)])),
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
