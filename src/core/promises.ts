import { type Call, fail, finish, guard, park, unpark } from './calls.ts'
import { ASYNC } from './layout.ts'

const now = performance.now
const { then } = Promise.prototype
const { defineProperty, getPrototypeOf, hasOwn } = Object

/** What wants to know how a promise ends. */
interface Listener {
  onValue(value: unknown): void
  onError(error: unknown): void
}

const watched = new WeakMap<object, Listener[]>()
let collected: FinalizationRegistry<() => void> | undefined

/** Calls back when nobody holds the object any more. */
export function onceCollected(object: object, task: () => void): void {
  collected ??= new FinalizationRegistry((forgotten: () => void) => forgotten())
  collected.register(object, task)
}

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
 * back itself. Throws for what only looks like a promise, or cannot be watched.
 */
export function listen(promise: Promise<unknown>, own: boolean, listener: Listener): Promise<unknown> {
  if (!own) {
    watch(promise, listener)
    return promise
  }
  const passValue = (value: unknown): unknown => {
    listener.onValue(value)
    return value
  }
  const passError = (error: unknown): never => {
    listener.onError(error)
    throw error
  }
  return then.call(promise, passValue, passError)
}

/** Records how a promise ends. */
export function followPromise(call: Call, promise: Promise<unknown>, own: boolean): Promise<unknown> {
  let over = false
  const ended = (how: typeof finish, value: unknown, run?: { yields: number; outcome: number }): void => {
    if (over) return
    over = true
    unpark(call)
    guard(call.ring, () => how(call, now.call(performance) - call.start, ASYNC, value, run))
  }
  const followed = listen(promise, own, {
    onValue: (value) => ended(finish, value),
    onError: (error) => ended(fail, error)
  })
  park(call)
  if (!own) onceCollected(promise, () => ended(finish, undefined, { yields: 0, outcome: 3 }))
  return followed
}

/**
 * Listening to a promise marks it as handled, and a rejection that nobody handles would no longer be told. So this
 * listens when its first other listener does: everything that listens, `await` included, asks for `constructor` first.
 */
function watch(promise: Promise<unknown>, listener: Listener): void {
  const listeners = watched.get(promise)
  if (listeners) {
    listeners.push(listener)
    return
  }
  if (hasOwn(promise, 'constructor')) throw new TypeError('constructor is taken')
  const waiting = [listener]
  let asking = false
  defineProperty(promise, 'constructor', {
    configurable: true,
    get(): unknown {
      // Asked by the `then` below: with this answer it does not run the constructor of a subclass.
      if (asking) return Promise
      asking = true
      attach(promise, waiting)
      release(promise)
      return promise.constructor
    },
    set(value: unknown): void {
      release(promise)
      promise.constructor = value as PromiseConstructor
    }
  })
  watched.set(promise, waiting)
}

function release(promise: object): void {
  watched.delete(promise)
  Reflect.deleteProperty(promise, 'constructor')
}

function attach(promise: Promise<unknown>, listeners: Listener[]): void {
  const tell = (event: keyof Listener) => (value: unknown) => {
    for (const listener of listeners) listener[event](value)
  }
  try {
    then.call(promise, tell('onValue'), tell('onError'))
  } catch {
    // It only looked like a promise. Its calls stay open until it is collected.
  }
}
