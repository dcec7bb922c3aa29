import { fail, finish, guard, park, unpark, type Call } from './calls.ts'
import { ASYNC } from './layout.ts'

const now = performance.now
const { then } = Promise.prototype
const { getPrototypeOf, defineProperty, hasOwn } = Object

/** Whether the built-in `then` may be called on it: a promise whose class or instance does not bring its own. */
export function isPromise(value: object): value is Promise<unknown> {
  try {
    if (!(value instanceof Promise)) return false
    for (let at: object = value; at !== Promise.prototype; at = getPrototypeOf(at)) if (hasOwn(at, 'then')) return false
    return true
  } catch {
    return false
  }
}

/**
 * Tells how a promise ends and gives back what the caller gets. What an async function returns nobody else has seen, so
 * its caller may get a promise that follows it: an unhandled rejection stays the caller's. Any other promise is given
 * back itself.
 */
export function listen(
  promise: Promise<unknown>,
  own: boolean,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void
): Promise<unknown> {
  const passError = (error: unknown): never => {
    onError(error)
    throw error
  }
  if (!own) {
    watch(promise, onValue, passError)
    return promise
  }
  const passValue = (value: unknown): unknown => {
    onValue(value)
    return value
  }
  return then.call(promise, passValue, passError)
}

/** Records how a promise ends. */
export function followPromise(call: Call, promise: Promise<unknown>, own: boolean): Promise<unknown> {
  park(call)
  const ended = (how: typeof finish, value: unknown): void => {
    unpark(call)
    guard(call.ring, () => how(call, now.call(performance) - call.start, ASYNC, value))
  }
  return listen(promise, own, value => ended(finish, value), error => ended(fail, error))
}

/**
 * Listening to a promise marks it as handled, and no more tells of a rejection that nobody handles. The promise that
 * `then` gives stands in for it: it fails too, and is marked as handled when the caller first listens. Everything that
 * listens, `await` included, asks for `constructor` first: that is where this notices, and then takes itself away.
 */
function watch(promise: Promise<unknown>, onValue: (value: unknown) => void, onError: (error: unknown) => never): void {
  let follower: Promise<unknown> | undefined
  const descriptor = {
    configurable: true,
    get(): unknown {
      // The first to ask is the `then` below: with this answer it does not run the constructor of a subclass.
      if (!follower) return Promise
      release()
      then.call(follower, undefined, () => {})
      return promise.constructor
    },
    set(value: unknown): void {
      defineProperty(promise, 'constructor', { configurable: true, enumerable: true, writable: true, value })
    }
  }
  const release = (): void => {
    if (Object.getOwnPropertyDescriptor(promise, 'constructor')?.get === descriptor.get) delete (promise as any).constructor
  }
  defineProperty(promise, 'constructor', descriptor)
  follower = then.call(
    promise,
    value => {
      release()
      onValue(value)
    },
    onError
  )
}
