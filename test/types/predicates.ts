import { wrap } from '../../src/index.ts'
import { exactly } from './_assert.ts'

// A type predicate narrows through the wrapper.
const isString = wrap((value: unknown): value is string => typeof value === 'string')
declare const value: string | number
if (isString(value)) exactly<string>()(value)
else exactly<number>()(value)
exactly<string[]>()(([1, 'a'] as (string | number)[]).filter(isString))

// So does one that is inferred.
const isPresent = wrap((given: number | undefined) => given !== undefined)
exactly<number[]>()([1, undefined].filter(isPresent))

// And one about `this`.
interface Shape {
  radius?: number
  isCircle: (this: Shape) => this is { radius: number }
}
declare const shape: Shape
const shaped: Shape = { ...shape, isCircle: wrap(shape.isCircle) }
if (shaped.isCircle()) exactly<number>()(shaped.radius)

// An assertion has to be declared with its type, wrapped or not; wrapped, it keeps it.
function assertNumber(given: unknown): asserts given is number {
  if (typeof given !== 'number') throw new TypeError('not a number')
}
const checkNumber: typeof assertNumber = wrap(assertNumber)
export function double(given: unknown): number {
  checkNumber(given)
  exactly<number>()(given)
  return given * 2
}

function assertTrue(condition: unknown, message?: string): asserts condition {
  if (!condition) throw new Error(message)
}
const check: (condition: unknown, message?: string) => asserts condition = wrap(assertTrue)
export function lengthOf(text: string | null): number {
  check(text !== null, 'there has to be a text')
  exactly<string>()(text)
  return text.length
}

// What narrows nothing unwrapped, narrows nothing wrapped.
const looksLikeText = wrap((given: unknown): boolean => typeof given === 'string')
declare const maybe: string | number
// @ts-expect-error: a boolean is no predicate
if (looksLikeText(maybe)) maybe.length
