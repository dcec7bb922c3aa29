import type { Recorder } from '../core/ring.ts'
import type { WrapOptions } from '../core/sites.ts'
import { type Callable, wrap } from '../core/wrap.ts'

/** What a call that was recorded says of a result. */
export type Tell = (result: never) => unknown

/** Runs a task as a recorded call with these arguments; what is recorded of its result is up to `tell`. */
export type Recorded = <Result>(args: readonly unknown[], tell: Tell, task: () => Result) => Result

type Task = () => unknown

/**
 * A call that is recorded with other arguments and another result than it has. The task's own result is given back: a promise
 * as one that follows it, everything else as it is.
 */
export function recordAs(ring: Recorder, options: Omit<WrapOptions, 'logger'>): Recorded {
  const run = function (this: Task): unknown {
    return this()
  }
  const recorded = wrap(run as Callable, { ...options, logger: { recorder: ring } }) as unknown as typeof run

  return function record<Result>(args: readonly unknown[], tell: Tell, task: () => Result): Result {
    let result: unknown
    const shown = Reflect.apply(
      recorded,
      () => {
        const made: unknown = task()
        result = made
        if (!(made instanceof Promise)) return told(tell, made)
        return new Promise((resolve, reject) => {
          result = made.then(
            (value) => {
              resolve(told(tell, value))
              return value
            },
            (error) => {
              reject(error)
              throw error
            }
          )
        })
      },
      args
    )
    // It is listened to here, and whoever gets the result hears of its error.
    if (shown instanceof Promise) shown.catch(() => {})
    return result as Result
  }
}

function told(tell: Tell, value: unknown): unknown {
  try {
    return tell(value as never)
  } catch {
    return undefined
  }
}
