import type { Entry } from '../../src/core/types.ts'

/** An entry of a call `price(sku: 'a-1', count: 2)` that gave 17.5; overrides say what is different. */
export function entry(overrides: Partial<Entry> = {}): Entry {
  return {
    sequence: 7,
    kind: 'call',
    timestamp: 1795386957140.356,
    level: 'debug',
    functionName: 'price',
    module: 'shop/cart',
    params: ['sku', 'count'],
    args: ['a-1', 2],
    argTypes: ['string', 'number'],
    returnValue: 17.5,
    returnType: 'number',
    durationMs: 1.2,
    clock: 'wall',
    spanId: 9,
    parentId: 4,
    extra: {},
    ...overrides
  }
}

/** Deep equality that tells -0 from 0, undefined from absent, an invalid date from another one, one class from another. */
export function same(actual: unknown, expected: unknown): boolean {
  if (Object.is(actual, expected)) return true
  if (typeof actual !== 'object' || typeof expected !== 'object' || !actual || !expected) return false
  if (classOf(actual) !== classOf(expected)) return false
  if (actual instanceof Date) return Object.is(actual.getTime(), (expected as Date).getTime())
  if (actual instanceof RegExp) return String(actual) === String(expected)
  if (actual instanceof Map || actual instanceof Set) return same([...actual], [...(expected as Set<unknown>)])
  const keys = Object.keys(actual)
  const others = Object.keys(expected)
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(expected, key) && same(at(actual, key), at(expected, key)))
  )
}

// A null prototype is not kept.
const classOf = (value: object): unknown => Object.getPrototypeOf(value) ?? Object.prototype
const at = (value: object, key: string): unknown => (value as Record<string, unknown>)[key]
