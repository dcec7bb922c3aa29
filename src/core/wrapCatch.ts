import { isPromise } from './promises.ts'
import type { WrapOptions } from './sites.ts'
import { type Callable, dress, wrap } from './wrap.ts'

export interface WrapCatchOptions<Fallback> extends WrapOptions {
  /** What is returned instead of throwing: a value, or a function of the error and the arguments. @default undefined */
  fallback?: Fallback | ((error: unknown, ...args: any[]) => Fallback)
}

/** The function's type with the fallback among what it may give. */
export type Caught<F extends Callable, Fallback> = F extends (this: infer This, ...args: infer Args) => infer Result
  ? [Fallback] extends [Awaited<Result>]
    ? F
    : (
        this: This,
        ...args: Args
      ) => Result extends Promise<infer Value> ? Promise<Value | Awaited<Fallback>> : Result | Fallback
  : F

/**
 * Like `wrap`, and a call that fails returns the fallback instead: the error is recorded, the caller goes on. The same
 * holds for a promise that rejects.
 *
 * @example
 * const parse = wrapCatch(JSON.parse, { fallback: null })
 * parse('{') // null
 */
export function wrapCatch<F extends Callable, Fallback = undefined>(
  fn: F,
  options: WrapCatchOptions<Fallback> = {}
): Caught<F, Fallback> {
  const { fallback, ...wrapOptions } = options
  const wrapped = wrap(fn, wrapOptions) as unknown as (...args: unknown[]) => unknown
  const instead = (error: unknown, args: unknown[]): unknown =>
    typeof fallback === 'function' ? (fallback as (...all: unknown[]) => unknown)(error, ...args) : fallback
  const catching = function (this: unknown, ...args: unknown[]): unknown {
    try {
      const result = new.target ? Reflect.construct(wrapped, args, new.target) : Reflect.apply(wrapped, this, args)
      if (typeof result !== 'object' || result === null || new.target || !isPromise(result)) return result
      return result.then(undefined, (error: unknown) => instead(error, args))
    } catch (error) {
      return instead(error, args)
    }
  }
  dress(catching, wrapped)
  return catching as unknown as Caught<F, Fallback>
}
