import { type Fn, isObject, type Mutant, onResult, type Parts, quietly, shell } from './shell.ts'

type Run = Generator<unknown, unknown, unknown> & Record<string, unknown>
type AsyncRun = AsyncGenerator<unknown, unknown, unknown> & Record<string, unknown>

function kindOf(fn: Fn): string {
  return quietly(() => Object.prototype.toString.call(fn)) ?? ''
}

/** Changes what generator functions give; `both` for async ones too. */
function onRun(change: (run: Run, fn: Fn) => unknown, both = true): Parts {
  return onResult((result, fn) => {
    const kind = kindOf(fn)
    const isRun = kind === '[object GeneratorFunction]' || (both && kind === '[object AsyncGeneratorFunction]')
    return isRun ? change(result as Run, fn) : result
  })
}

function onAsyncRun(change: (run: AsyncRun) => unknown): Parts {
  return onResult((result, fn) =>
    kindOf(fn) === '[object AsyncGeneratorFunction]' ? change(result as AsyncRun) : result
  )
}

/** Puts methods of its own on the generator: it stays the same object. */
function override(make: (run: Run) => object): (run: Run) => Run {
  return (run) => Object.assign(run, make(run))
}

const methods = (run: Run): Pick<Run, 'next' | 'return' | 'throw'> => ({
  next: run.next.bind(run),
  return: run.return.bind(run),
  throw: run.throw.bind(run)
})

function* again(values: Iterable<unknown>): Generator<unknown> {
  for (const value of values) yield value
}

const sync = 'generators'
const control = 'throw() and return() of generators'
const objects = 'generator objects'
const asyncs = 'async generators'

export const generatorMutants: Mutant[] = [
  {
    name: 'spreads generators at once',
    wrap: shell(
      onRun(
        (run, fn) =>
          Object.setPrototypeOf(
            again(
              Array.from({ length: 30_000 }).flatMap(() => {
                const step = run.next()
                return step.done ? [] : [step.value]
              })
            ),
            fn.prototype as object
          ),
        false
      )
    ),
    kills: [
      `${sync}: do nothing until the first next()`,
      `${sync}: take the values given to next()`,
      `${sync}: throw what their body throws`,
      `${sync}: are lazy`
    ],
    groups: [control, 'methods that are never called', 'as callbacks', 'a wrapper of a wrapper']
  },
  {
    name: 'yields again in a loop of its own',
    wrap: shell(onRun((run, fn) => Object.setPrototypeOf(again(run), fn.prototype as object), false)),
    kills: [
      `${sync}: yield their values and return`,
      `${sync}: take the values given to next()`,
      `${sync}: yield* passes values, throw() and return() inwards`,
      `${control}: throw() is caught inside`
    ],
    groups: [control]
  },
  {
    name: 'yields again by yield*, from the first next() on',
    wrap: shell({
      call: (fn, self, args) =>
        kindOf(fn) === '[object GeneratorFunction]'
          ? Object.setPrototypeOf(
              (function* () {
                return yield* Reflect.apply(fn, self, args) as Run
              })(),
              fn.prototype as object
            )
          : Reflect.apply(fn, self, args)
    }),
    kills: [`${sync}: evaluate default parameters in the call`]
  },
  {
    name: 'forgets return()',
    wrap: shell(onRun(override(() => ({ return: undefined })))),
    kills: [
      `${sync}: run their finally block on break`,
      `${sync}: run their finally block when the loop throws`,
      `${sync}: can be spread, collected and destructured`,
      `${control}: return() runs the finally block and gives its value`,
      `${asyncs}: run their finally block on break, and the loop waits for it`,
      `${asyncs}: run their finally block when the loop throws`,
      `${objects}: are their own iterators`,
      'a wrapper of a wrapper: yields, and closes on break'
    ],
    groups: [sync, control, asyncs]
  },
  {
    name: 'ends at return() without asking',
    wrap: shell(
      onRun(
        override((run) => {
          let isOver = false
          const { next } = methods(run)
          return {
            next: (value: unknown) => (isOver ? { value: undefined, done: true } : next(value)),
            return: (value: unknown) => {
              isOver = true
              return { value, done: true }
            }
          }
        })
      )
    ),
    kills: [
      `${control}: return() runs the finally block and gives its value`,
      `${control}: a finally block may yield after return()`,
      `${control}: a finally block may replace the value, or throw`,
      `${asyncs}: return() awaits its value`,
      `${asyncs}: queue return() behind next()`
    ],
    groups: [asyncs, sync]
  },
  {
    name: 'forgets the value of return()',
    wrap: shell(onRun(override((run) => ({ return: () => methods(run).return(undefined) })))),
    kills: [
      `${control}: return() before the first step does not run the body`,
      `${control}: return() of a finished generator gives its value`,
      `${sync}: can run side by side`,
      `${asyncs}: throw() and return() before the first step do not run the body`
    ]
  },
  {
    name: 'forgets throw()',
    wrap: shell(onRun(override(() => ({ throw: undefined })))),
    kills: [
      `${control}: throw() is caught inside`,
      `${control}: throw() that is not caught comes back`,
      `${asyncs}: throw() is caught inside`,
      `${asyncs}: throw() that is not caught rejects`
    ]
  },
  {
    name: 'throws at throw() without asking',
    wrap: shell(
      onRun(
        override((run) => ({
          throw(error: unknown) {
            methods(run).return(undefined)
            throw error
          }
        }))
      )
    ),
    kills: [
      `${control}: throw() is caught, and the generator goes on`,
      `${control}: throw(undefined) is a throw`,
      `${asyncs}: throw() is caught inside`
    ]
  },
  {
    name: 'swallows throw()',
    wrap: shell(
      onRun(
        override((run) => ({
          throw: (error: unknown) => (error === undefined ? run.next() : { value: undefined, done: true })
        }))
      )
    ),
    kills: [
      `${control}: throw() before the first step does not run the body`,
      `${control}: throw() that is not caught comes back`,
      `${asyncs}: throw() that is not caught rejects`
    ]
  },
  {
    name: 'takes the first step at once',
    wrap: shell(
      onRun(
        override((run) => {
          const { next, return: end, throw: fail } = methods(run)
          const first: unknown[] = [next()]
          return {
            next: (value: unknown) => (first.length > 0 ? first.pop() : next(value)),
            return: (value: unknown) => first.splice(0) && end(value),
            throw: (error: unknown) => first.splice(0) && fail(error)
          }
        })
      )
    ),
    kills: [
      `${sync}: do nothing until the first next()`,
      `${asyncs}: do nothing until the first next()`,
      `${control}: return() before the first step does not run the body`
    ]
  },
  {
    name: 'loses the value of the end',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          return {
            next(value: unknown) {
              const step = next(value)
              return step.done ? { value: undefined, done: true } : step
            }
          }
        })
      )
    ),
    kills: [`${sync}: yield their values and return`]
  },
  {
    name: 'loses the end of async generators',
    wrap: shell(
      onAsyncRun((run) => {
        const next = run.next.bind(run)
        const change = (step: IteratorResult<unknown>): object => (step.done ? { value: undefined, done: true } : step)
        return Object.assign(run, { next: (value: unknown) => next(value).then(change) })
      })
    ),
    kills: [
      `${asyncs}: yield their values and return`,
      `${asyncs}: await what they yield and return`,
      `${asyncs}: queue calls of next()`,
      `${asyncs}: yield* goes through async and sync generators`
    ]
  },
  {
    name: 'loses the values given to next()',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          return { next: () => next() }
        })
      )
    ),
    kills: [`${sync}: take the values given to next()`, `${asyncs}: take the values given to next()`]
  },
  {
    name: 'takes two steps at a time',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          return { next: (value: unknown) => next(value) && next() }
        })
      )
    ),
    kills: [
      `${sync}: yield the very objects`,
      `${sync}: can run side by side`,
      `${asyncs}: work in for await`,
      `${asyncs}: can run side by side`,
      `${asyncs}: keep this and arguments`,
      `${sync}: recursion through yield* walks a tree`,
      'as callbacks: as well-known symbols'
    ],
    groups: ['values that fight back', 're-entrancy', 'this']
  },
  {
    name: 'stops after a thousand values',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          let left = 1_000
          return { next: (value: unknown) => (left-- > 0 ? next(value) : { value: undefined, done: true }) }
        }),
        false
      )
    ),
    kills: [`${sync}: yield many values`]
  },
  {
    name: 'lets a running generator be run',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          let isRunning = false
          return {
            next(value: unknown) {
              if (isRunning) return { value: undefined, done: false }
              isRunning = true
              try {
                return next(value)
              } finally {
                isRunning = false
              }
            }
          }
        }),
        false
      )
    ),
    kills: [`${sync}: refuse to be run from inside themselves`]
  },
  {
    name: 'goes on after a throw of the body',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          return {
            next(value: unknown) {
              try {
                return next(value)
              } catch (error) {
                return { value: error, done: true }
              }
            }
          }
        }),
        false
      )
    ),
    kills: [`${sync}: throw what their body throws`]
  },
  {
    name: 'resolves with what the body of an async generator throws',
    wrap: shell(
      onAsyncRun((run) => {
        const next = run.next.bind(run)
        return Object.assign(run, {
          next: (value: unknown) => next(value).catch((error) => ({ value: error, done: true }))
        })
      })
    ),
    kills: [
      `${asyncs}: reject with what their body throws`,
      'unhandled rejections fire once: for the promise that next() of an async generator gives'
    ]
  },
  {
    name: 'refuses next() of an async generator that is busy',
    wrap: shell(
      onAsyncRun((run) => {
        const next = run.next.bind(run)
        let isBusy = false
        return Object.assign(run, {
          async next(value: unknown) {
            if (isBusy) return { value: undefined, done: true }
            isBusy = true
            return next(value).finally(() => {
              isBusy = false
            })
          }
        })
      })
    ),
    kills: [`${asyncs}: queue calls of next()`]
  },
  {
    name: 'rejects another promise at each step',
    wrap: shell(
      onAsyncRun((run) => {
        const next = run.next.bind(run)
        return Object.assign(run, {
          next(value: unknown) {
            const step = next(value)
            void step.then(() => 0)
            return step
          }
        })
      })
    ),
    kills: ['handled rejections never fire: a step of an async generator']
  },
  {
    name: 'does not wait for what is yielded',
    wrap: shell(
      onAsyncRun((run) => {
        const next = run.next.bind(run)
        return Object.assign(run, {
          next: (value: unknown) => next(value).then((step) => ({ ...step, value: Promise.resolve(step.value) }))
        })
      })
    ),
    kills: [
      `${asyncs}: await what they yield and return`,
      `${asyncs}: throw at a yielded rejection, inside`,
      'a wrapper of a wrapper: yields, and closes on break'
    ]
  },
  {
    name: 'treats a yielded promise like the value of it',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          const handle = (value: unknown): unknown => (value instanceof Promise ? value.catch(() => {}) : value)
          return {
            next(given: unknown) {
              const step = next(given)
              return { ...step, value: quietly(() => handle(step.value)) }
            }
          }
        }),
        false
      )
    ),
    kills: ['unhandled rejections fire once: for a rejected promise that is yielded', `${sync}: yield the very objects`]
  },
  {
    name: 'calls then of what is yielded',
    wrap: shell(
      onRun(
        override((run) => {
          const { next } = methods(run)
          return {
            next(given: unknown) {
              const step = next(given)
              quietly(() => isObject(step.value) && (step.value as PromiseLike<unknown>).then?.(() => 0))
              return step
            }
          }
        }),
        false
      )
    ),
    kills: ['lazy thenables: then of a yielded value is never called']
  },
  {
    name: 'gives a plain iterator for a generator',
    wrap: shell(onRun((run) => ({ ...methods(run), [Symbol.iterator]: () => run }), false)),
    kills: [
      `${objects}: are instances of their function and its wrapper`,
      `${objects}: are their own iterators`,
      `${objects}: have the methods added to the prototype of the function`
    ]
  },
  {
    name: 'gives a plain async iterator for an async generator',
    wrap: shell(onAsyncRun((run) => ({ ...methods(run as never), [Symbol.asyncIterator]: () => run }))),
    kills: [`${asyncs}: are instances of their function and its wrapper`]
  },
  {
    name: 'takes everything with a next for a run',
    wrap: shell(
      onResult((result) => {
        const next = isObject(result) ? quietly(() => (result as Run).next) : undefined
        return typeof next === 'function' ? again(quietly(() => [...(result as Run)]) ?? []) : result
      })
    ),
    kills: [
      `${objects}: a plain function that returns a generator returns that one`,
      'iterators: an iterator object is not advanced and not closed',
      'iterators: an async iterator is not advanced',
      'iterators: an array iterator in the middle stays there',
      'iterators: a class that is iterable stays usable in loops'
    ],
    groups: ['iterators', 'values are left as they are', 'built-in objects in odd states']
  },
  {
    name: 'makes generators with new',
    wrap: shell({
      make: (fn, args, target) =>
        kindOf(fn as unknown as Fn).includes('Generator')
          ? (Reflect.apply(fn as never, {}, args) as object)
          : Reflect.construct(fn, args, target)
    }),
    kills: [
      `${objects}: of a generator function cannot be made with new`,
      'new: a generator function cannot be called with it'
    ]
  }
]
