import type { Callable, Wrap } from '../case.ts'

/** A wrap that is wrong on purpose. */
export interface Mutant {
  name: string
  wrap: Wrap
  /** Cases it must fail, as `group: case`. Their groups are the ones that it is run on. */
  kills: readonly string[]
  /** More groups to run it on; '*' for all of them. */
  groups?: readonly string[]
}

export type Fn = (...args: unknown[]) => unknown
export type Class = new (...args: unknown[]) => object

/** What a mutant does differently. */
export interface Parts {
  call?(fn: Fn, self: unknown, args: unknown[], wrapper: Fn): unknown
  make?(fn: Class, args: unknown[], target: Class, wrapper: Class): unknown
  dress?(wrapper: Fn, fn: Fn): void
  /** What it does first, when it wraps. */
  begin?(fn: Fn): void
}

// Taken before any case replaces them.
const { apply, construct } = Reflect

/** Behind the original in its prototype chain: everything that is not its own is read through. */
export function disguise(wrapper: Fn, fn: Fn): void {
  Object.setPrototypeOf(wrapper, fn)
  Reflect.deleteProperty(wrapper, 'name')
  Reflect.deleteProperty(wrapper, 'length')
  wrapper.prototype = prototypeOf(fn)
}

function prototypeOf(fn: Fn): unknown {
  try {
    return fn.prototype
  } catch {
    return undefined
  }
}

/** A wrapper that is right in all but the given parts. */
export function shell(parts: Parts = {}): Wrap {
  const { call = apply, make = construct, dress = disguise, begin } = parts
  return <F extends Callable>(original: F): F => {
    const fn = original as unknown as Fn & Class
    begin?.(fn)
    const wrapper = function (this: unknown, ...args: unknown[]): unknown {
      if (new.target === undefined) return call(fn, this, args, wrapper as unknown as Fn)
      const target = (new.target as unknown) === wrapper ? fn : new.target
      return make(fn, args, target as unknown as Class, wrapper as unknown as Class)
    }
    dress(wrapper as Fn, fn)
    return wrapper as unknown as F
  }
}

/** A mutant that changes arguments on their way in. */
export function onArguments(change: (args: unknown[], fn: Fn) => unknown[]): Parts {
  return {
    call: (fn, self, args) => apply(fn, self, change(args, fn)),
    make: (fn, args, target) => construct(fn, change(args, fn as unknown as Fn), target)
  }
}

/** A mutant that looks at the arguments, and leaves them. */
export function peeking(look: (value: unknown) => unknown): Parts {
  return onArguments((args) => {
    for (const value of args) look(value)
    return args
  })
}

/** A mutant that changes results on their way out. */
export function onResult(change: (result: unknown, fn: Fn) => unknown): Parts {
  return { call: (fn, self, args) => change(apply(fn, self, args), fn) }
}

/** A mutant that changes what is thrown. */
export function onThrow(change: (error: unknown, again: () => unknown) => unknown): Parts {
  return {
    call(fn, self, args) {
      try {
        return apply(fn, self, args)
      } catch (error) {
        return change(error, () => apply(fn, self, args))
      }
    }
  }
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** Whether a look at the value throws; most mutants are no worse than that. */
export function quietly<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
