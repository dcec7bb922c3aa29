import { type Fn, isObject, type Mutant, onArguments, onResult, onThrow, quietly, shell } from './shell.ts'

type Promising = Promise<unknown> & Record<string, unknown>

const noop = (): undefined => undefined
const nativeThen = Promise.prototype.then

function isPromise(value: unknown): value is Promising {
  return quietly(() => value instanceof Promise) === true
}

/** Changes promises on their way out, quietly, and leaves the rest. */
function onPromise(change: (promise: Promising, fn: Fn) => unknown): ReturnType<typeof onResult> {
  return onResult((result, fn) => (isPromise(result) ? change(result, fn) : result))
}

function isAsync(fn: Fn): boolean {
  return quietly(() => Object.prototype.toString.call(fn)) === '[object AsyncFunction]'
}

/** Does something with promises on their way out. */
function watching(look: (promise: Promising) => unknown): ReturnType<typeof onResult> {
  return onPromise((promise) => {
    look(promise)
    return promise
  })
}

const asyncOnly = (change: (promise: Promising) => unknown): ReturnType<typeof onResult> =>
  onResult((result, fn) => (isAsync(fn) ? change(result as Promising) : result))

const plain = 'promises that a plain function returns'
const once = 'unhandled rejections fire once'
const never = 'handled rejections never fire'
const lazy = 'lazy thenables'
const asyncs = 'async functions'

export const promiseMutants: Mutant[] = [
  {
    name: 'returns another promise',
    wrap: shell(onPromise((promise) => nativeThen.call(Promise.resolve(promise), (value) => value))),
    kills: [
      `${plain}: the same object: a settled promise`,
      `${plain}: a promise in a cache stays one promise`,
      `${plain}: a subclass keeps its methods, fields and class`,
      `${lazy}: a promise whose then is lazy does not start`,
      `${once}: for a cached promise that is returned twice`
    ],
    groups: ['a wrapper of a wrapper']
  },
  {
    name: 'returns a native promise for one of a subclass',
    wrap: shell(
      onPromise((promise) =>
        quietly(() => promise.constructor) === Promise
          ? promise
          : Promise.resolve(promise as PromiseLike<unknown>).then((value) => value)
      )
    ),
    kills: [
      `${plain}: the same object: a promise of a subclass`,
      `${plain}: a subclass keeps its methods, fields and class`
    ]
  },
  {
    name: 'returns Promise.resolve of what is a promise',
    wrap: shell(onPromise((promise) => Promise.resolve(promise as PromiseLike<unknown>))),
    kills: [
      `${plain}: the same object: a promise whose constructor is its own, and throws`,
      `${plain}: a subclass keeps its methods, fields and class`
    ]
  },
  {
    name: 'turns thenables into promises',
    wrap: shell(
      onResult((result) =>
        isObject(result) && quietly(() => typeof (result as Promising).then) === 'function'
          ? Promise.resolve(result)
          : result
      )
    ),
    kills: [
      `${lazy}: then of a result is never called`,
      `${lazy}: a function with a then is a function`,
      `${lazy}: an object that answers every property is not called`,
      `${lazy}: a then getter of a class is not even read`,
      'other realms: a promise of another realm is returned as it is'
    ],
    groups: [plain]
  },
  {
    name: 'handles rejections',
    wrap: shell(watching((promise) => nativeThen.call(promise, noop, noop))),
    kills: [
      `${once}: an async function`,
      `${once}: an async function that awaited`,
      `${once}: a plain function with a rejected promise`,
      `${once}: a plain function with a promise that will reject`,
      `${once}: a plain function with a promise of a subclass`,
      `${once}: with the reason undefined`,
      `${once}: through two wrappers`,
      `${once}: for a cached promise that is returned twice`
    ]
  },
  {
    name: 'calls then with one function',
    wrap: shell(watching((promise) => nativeThen.call(promise, noop))),
    kills: [
      `${never}: an async function, by await in try`,
      `${never}: a plain function with a rejected promise, by catch`,
      `${once}: when only the good case is handled`,
      `${never}: an inner async function whose caller handles it`
    ]
  },
  {
    name: 'calls finally',
    wrap: shell(watching((promise) => promise.finally(noop))),
    kills: [`${never}: an async function, by Promise.all`, `${never}: an async function that awaited, by two catches`]
  },
  {
    name: 'rejects one more promise',
    wrap: shell(watching((promise) => nativeThen.call(promise, noop, (reason) => Promise.reject(reason)))),
    kills: [`${never}: a plain function with a promise that will reject, by a catch one microtask later`]
  },
  {
    name: 'handles a rejection when only then was given a function',
    wrap: shell(
      asyncOnly((promise) => {
        // biome-ignore lint/suspicious/noThenProperty: a then of its own is the point
        promise.then = ((good: () => unknown, bad?: () => unknown) =>
          nativeThen.call(promise, good, bad ?? noop)) as never
        return promise
      })
    ),
    kills: [`${once}: in each branch of then that does not handle it`]
  },
  {
    name: 'rejects with another reason',
    wrap: shell(
      onPromise((promise) => nativeThen.call(promise, undefined, (reason) => Promise.reject(new Error(String(reason)))))
    ),
    kills: [
      `${plain}: one rejecting subclass promise rejects with its reason`,
      `${asyncs}: that throw at once reject, and do not throw`,
      `${asyncs}: reject with undefined`,
      `${once}: an async function`
    ]
  },
  {
    name: 'resolves with the error',
    wrap: shell(asyncOnly((promise) => promise.catch((reason) => [reason]))),
    kills: [
      `${asyncs}: that await a rejection reject with its error`,
      `${asyncs}: whose default parameter throws reject`,
      `${asyncs}: that await a wrapped one can catch`,
      'a wrapper of a wrapper: awaits and rejects'
    ]
  },
  {
    name: 'handles rejections of arguments and of what results hold',
    wrap: shell({
      call(fn, self, args) {
        for (const value of args) if (isPromise(value)) nativeThen.call(value, noop, noop)
        const result = Reflect.apply(fn, self, args)
        for (const value of quietly(() => Object.values(result as object)) ?? [])
          if (isPromise(value)) value.catch(noop)
        return result
      }
    }),
    kills: [`${once}: for a rejected promise that is an argument or a property of a result`]
  },
  {
    name: 'rejects for a rejected argument',
    wrap: shell(
      onArguments((args) => {
        for (const value of args) if (isPromise(value)) void value.then(noop)
        return args
      })
    ),
    kills: [`${never}: a rejected promise as an argument, handled by the function`]
  },
  {
    name: 'adds a property to promises',
    wrap: shell(onPromise((promise) => Object.assign(promise, { spanId: 1 }))),
    kills: [
      `${plain}: own keys are unchanged once it was awaited`,
      `${plain}: own keys are unchanged once a rejection was caught`,
      `${plain}: the same object: a frozen promise`,
      `${plain}: the same object: a promise that cannot be extended`
    ]
  },
  {
    name: 'replaces then',
    wrap: shell(
      onPromise((promise) => {
        quietly(() => {
          // biome-ignore lint/suspicious/noThenProperty: a then of its own is the point
          promise.then = ((...rest: []) => nativeThen.apply(promise, rest)) as never
        })
        return promise
      })
    ),
    kills: [
      `${plain}: own keys are unchanged once it was awaited`,
      `${lazy}: a promise whose then is lazy does not start`
    ]
  },
  {
    name: 'changes the class of a promise',
    wrap: shell(onPromise((promise) => quietly(() => Object.setPrototypeOf(promise, Promise.prototype)) ?? promise)),
    kills: [
      `${plain}: a subclass keeps its methods, fields and class`,
      `${plain}: the same object: a promise of a subclass`
    ]
  },
  {
    name: 'uses then of the promise',
    wrap: shell(watching((promise) => promise.then(noop, noop))),
    kills: [
      `${plain}: the same object: a promise whose then is its own, and throws`,
      `${lazy}: a promise whose then is lazy does not start`,
      `${plain}: the same object: a promise of a subclass whose species throws`
    ]
  },
  {
    name: 'resolves with a record of the value',
    wrap: shell(onPromise((promise) => nativeThen.call(promise, (value) => ({ value })))),
    kills: [
      `${plain}: a subclass gives a value to every way of waiting`,
      'recursion: of async functions, a thousand calls deep'
    ]
  },
  {
    name: 'uses then of all promises',
    wrap: shell(watching((promise) => nativeThen.call(promise, noop, noop))),
    kills: [`${plain}: the same object: a Proxy of a promise`]
  },
  {
    name: 'asks for the constructor of a promise',
    wrap: shell(onResult((result) => (isPromise(result) && result.constructor === Array ? [] : result))),
    kills: [`${plain}: the same object: a promise whose constructor is its own, and throws`]
  },
  {
    name: 'calls then of whatever has one',
    wrap: shell(
      onResult((result) => {
        const { then } = (isObject(result) ? result : {}) as Promising
        if (typeof then === 'function') then.call(result as Promising, noop, noop)
        return result
      })
    ),
    kills: [
      `${lazy}: then of a result is never called`,
      `${lazy}: a thenable that the caller awaits is called once`,
      `${lazy}: a then getter that throws does no harm`
    ],
    groups: [plain]
  },
  {
    name: 'calls then of arguments, errors, yields and instances',
    wrap: shell({
      ...onArguments((args) => {
        for (const value of args) quietly(() => (value as Promising)?.then?.(noop))
        return args
      }),
      make(fn, args, target) {
        const made = Reflect.construct(fn, args, target)
        quietly(() => (made as Promising).then?.(noop))
        return made
      }
    }),
    kills: [
      `${lazy}: then of an argument is never called`,
      `${lazy}: then of what a constructor returns is never called`
    ],
    groups: [plain]
  },
  {
    name: 'calls then of what is thrown',
    wrap: shell(
      onThrow((error) => {
        ;(error as Promising | undefined)?.then?.(noop)
        throw error
      })
    ),
    kills: [`${lazy}: then of what was thrown is never called`]
  },
  {
    name: 'starts async functions later',
    wrap: shell({
      call: (fn, self, args) =>
        isAsync(fn) ? Promise.resolve().then(() => Reflect.apply(fn, self, args)) : Reflect.apply(fn, self, args)
    }),
    kills: [`${asyncs}: start before the call returns`]
  },
  {
    name: 'runs async functions one after another',
    wrap: (() => {
      let last: Promise<unknown> = Promise.resolve()
      return shell({
        call(fn, self, args) {
          if (!isAsync(fn)) return Reflect.apply(fn, self, args)
          const run = last.then(() => Reflect.apply(fn, self, args))
          last = Promise.race([run.catch(noop), new Promise((resolve) => setTimeout(resolve, 20))])
          return run
        }
      })
    })(),
    kills: [
      're-entrancy: two wrapped functions may hand over in the middle of an await',
      `${asyncs}: start before the call returns`
    ]
  },
  {
    name: 'mixes the results of calls that overlap',
    wrap: (fn) => {
      let last: unknown
      return shell(
        asyncOnly((promise) => {
          last = promise
          return promise.then(() => last)
        })
      )(fn)
    },
    kills: [`${asyncs}: run side by side without mixing`]
  },
  {
    name: 'gives promises of another class',
    wrap: shell(asyncOnly((promise) => class Traced<T> extends Promise<T> {}.resolve(promise))),
    kills: [`${asyncs}: give a promise of the very value`]
  },
  {
    name: 'gives a thenable for a promise',
    wrap: shell(
      asyncOnly((promise) => ({
        // biome-ignore lint/suspicious/noThenProperty: a then of its own is the point
        then: promise.then.bind(promise),
        finally: promise.finally.bind(promise),
        catch: promise.catch.bind(promise)
      }))
    ),
    kills: [`${asyncs}: give a promise of the very value`]
  },
  {
    name: 'gives copies of async values',
    wrap: shell(
      onPromise((promise, fn) =>
        isAsync(fn) ? promise.then((value) => (isObject(value) ? { ...value } : (value ?? 0))) : promise
      )
    ),
    kills: [`${asyncs}: give a promise of the very value`, `${asyncs}: give undefined and null`],
    groups: ['re-entrancy', 'values are left as they are', 'wrapped in place, while other wrapped calls run']
  },
  {
    name: 'calls handlers in another order, and finally twice',
    wrap: shell(
      asyncOnly((promise) => {
        const queue: (() => void)[] = []
        // biome-ignore lint/suspicious/noThenProperty: a then of its own is the point
        promise.then = ((good?: (value: unknown) => unknown, bad?: (reason: unknown) => unknown) =>
          new Promise((resolve, reject) => {
            queue.unshift(() => nativeThen.call(promise, good, bad).then(resolve, reject))
            queueMicrotask(() => queue.shift()?.())
          })) as never
        promise.finally = ((run?: () => void) =>
          nativeThen.call(promise, (value) => {
            run?.()
            run?.()
            return value
          })) as never
        return promise
      })
    ),
    kills: [
      `${asyncs}: their promise takes many handlers, in order`,
      `${asyncs}: finally runs once, and keeps the value`
    ]
  },
  {
    name: 'waits for promises that are arguments',
    wrap: shell({
      call: (fn, self, args) =>
        args.some(isPromise)
          ? Promise.all(args).then((all) => Reflect.apply(fn, self, all))
          : Reflect.apply(fn, self, args)
    }),
    kills: [
      `${plain}: a promise passed as an argument arrives as it is`,
      `${never}: a rejected promise as an argument, handled by the function`
    ]
  },
  {
    name: 'gives async functions a time limit',
    wrap: shell(onPromise((promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 0))]))),
    kills: [`${plain}: the same object: a pending promise`]
  }
]
