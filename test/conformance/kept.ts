import { same } from './assert.ts'
import type { Check } from './case.ts'

/** The value passes a wrapper in and out; then `check` looks at what is left of it. */
export function kept<T extends object>(make: () => T, check: (value: T) => void | Promise<void>): Check {
  return async (wrap) => {
    const value = make()
    same(wrap(() => value)(), value, 'the result')
    same(wrap((given: T) => given)(value), value, 'the argument')
    await undefined
    await check(value)
  }
}
