import type { Callable } from '../core/wrap.ts'
import { wrapClass, wrapObject } from '../core/wrapClass.ts'
import { isClass, record } from './record.ts'
import { autoReport, type Report, type Skipped } from './report.ts'

/** What a module that was written into calls. Nothing here ever throws into it. */
export interface Instrument {
  /** A recorded function in the place of that one. */
  wrap<F>(fn: F, name: string): F
  /** The same for a function that had no name, and got one to be reached by. */
  unnamed<F>(fn: F, name: string): F
  /** Records a class's methods. */
  members(Class: unknown, name: string): void
  /** Records the methods of a class that is written as a function. */
  prototype(fn: unknown, name: string): void
  /** Records what a CommonJS module gives away under these names; '' is `module.exports` itself. */
  commonJs(module: { exports: unknown }, names: readonly string[]): void
}

/** Makes an `Instrument` for each module, and keeps the report of all of them. */
export function instrumentation(report: Report): (module: string, skipped: readonly Skipped[]) => Instrument {
  return (module, skipped) => {
    const note = (name: string, reason?: string): void => {
      const full = `${module}:${name}`
      if (reason === undefined) report.wrapped.push(full)
      else report.skipped.push({ name: full, reason })
    }
    for (const { name, reason } of skipped) note(name, reason)

    function attempt<T>(value: T, name: string, task: (fn: Callable) => Callable): T {
      try {
        if (typeof value !== 'function') throw new TypeError('is no function by now')
        const recorded = task(value) as T
        note(name)
        return recorded
      } catch (error) {
        note(name, String((error as Error)?.message ?? error))
        return value
      }
    }
    const recorded = (value: unknown, name: string): unknown =>
      attempt(value, name, (fn) => record(fn, { name, module }))

    return {
      wrap: (value, name) => recorded(value, name) as typeof value,
      unnamed(value, name) {
        if (typeof value === 'function' && !isClass(value))
          Object.defineProperty(value, 'name', { value: name, configurable: true })
        return recorded(value, name) as typeof value
      },
      members: (value, name) => void attempt(value, name, (Class) => wrapClass(Class, { name, module })),
      prototype(value, name) {
        attempt(value, name, (fn) => {
          wrapObject(fn.prototype, { name, module })
          return fn
        })
      },
      commonJs(holder, names) {
        // Two names of one function stay two names of one function.
        const made = new Map<unknown, unknown>()
        for (const name of names) {
          const target = (name ? holder.exports : holder) as Record<string, unknown>
          const key = name || 'exports'
          const value = target?.[key]
          const now = made.get(value) ?? recorded(value, name || nameOf(value) || 'module.exports')
          made.set(value, now)
          if (now !== value) target[key] = now
        }
      }
    }
  }
}

const nameOf = (value: unknown): string => (typeof value === 'function' ? value.name : '')

/** What `nfo/esbuild` writes calls to into the modules it builds. */
export const instrument: (module: string, skipped: readonly Skipped[]) => Instrument = /* @__PURE__ */ instrumentation(
  /* @__PURE__ */ autoReport()
)
