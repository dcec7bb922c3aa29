import * as fc from 'fast-check'
import { isSecretName, redactPairs, redactShapes } from '../../src/core/redact.ts'

const harmless = (text: string): boolean => redactPairs(text) === text && redactShapes(text) === text

const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
const around48 = fc.integer({ min: 44, max: 52 })

/** Any UTF-16 units, lone surrogates among them, often as long as what the encoder treats in another way. */
export const texts: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    units.map((codes) => String.fromCharCode(...codes)),
    around48.map((length) => 'abcdefg '.repeat(7).slice(0, length)),
    around48.map((length) => 'ż'.repeat(length)),
    around48.map((length) => `\ud800${'x'.repeat(length)}`),
    fc.constantFrom(
      '',
      '\ufeffa',
      'a=b',
      'a: b',
      '__proto__',
      '日本語',
      '👩‍👧',
      '\u{10ffff}',
      '\ud800',
      '\udc00\ud800',
      '\0'
    )
  )
  .filter(harmless)

const keys = fc
  .oneof(texts, fc.constantFrom('id', 'name', 'constructor', 'toString', '__proto__', 'length', '0', '-1'))
  .filter((name) => !isSecretName(name))

export const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.integer({ min: -2, max: 130 }),
  fc.double(),
  fc.constantFrom(-0, 0, NaN, Infinity, -Infinity, 127, 128, -1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 5e-324)
)

const big = fc.bigInt({ max: 2n ** 200n, min: -(2n ** 200n) }).filter((value) => harmless(String(value)))

export const primitives: fc.Arbitrary<unknown> = fc.oneof(
  texts,
  numbers,
  fc.boolean(),
  big,
  fc.constantFrom(null, undefined)
)

/** What comes back as it went in: within the capture limits, small enough for a record, and no class of the user's. */
export const plain: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const value = tie('value')
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      primitives,
      fc.date({ noInvalidDate: false }),
      fc.uint8Array({ maxLength: 64 }),
      fc.constantFrom(/a\/b/giu, /(?:)/, /[\n\u2028"]/s, /[日本]/v),
      fc.array(value, { maxLength: 3 }),
      fc.dictionary(keys, value, { maxKeys: 3 }),
      fc.dictionary(keys, value, { maxKeys: 2, noNullPrototype: false }),
      fc.array(fc.tuple(value, value), { maxLength: 2 }).map((pairs) => new Map(pairs)),
      fc.array(value, { maxLength: 3 }).map((items) => new Set(items))
    )
  }
}).value

const proxyTraps = Object.fromEntries(
  Object.getOwnPropertyNames(Reflect).map((trap) => [
    trap,
    () => {
      throw new Error(trap)
    }
  ])
)

/** Makes values that resist being read, or that never end. Made by the test, since fast-check looks into what it gives. */
export const hostile: fc.Arbitrary<() => unknown> = fc.oneof(
  fc.constantFrom<() => unknown>(
    () => new Proxy({}, proxyTraps),
    () => new Proxy(() => {}, proxyTraps),
    () => {
      const { proxy, revoke } = Proxy.revocable([], {})
      revoke()
      return proxy
    },
    () => ({
      get boom() {
        throw new Error('getter')
      }
    }),
    () => {
      const loop: Record<string, unknown> = {}
      loop.self = [loop, new Map([[loop, loop]])]
      return loop
    },
    () => Array.from({ length: 5000 }, (_, index) => 'x'.repeat(index % 60)),
    () => Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${'k'.repeat(60)}${index}`, index])),
    () => 'ż'.repeat(5000),
    () => '日'.repeat(1024),
    () => new Uint8Array(100_000),
    () => 2n ** 5000n,
    () => Symbol('s'.repeat(3000)),
    () => deepErrors(16),
    () => deepObject(1000),
    () => new (class extends Map<unknown, unknown> {})([[{ a: 1 }, new Set(['b'])]])
  ),
  fc.array(fc.string({ minLength: 100, maxLength: 2000 }), { maxLength: 30 }).map((list) => () => list)
)

function deepObject(levels: number): unknown {
  let inner: unknown = 0
  for (let level = 0; level < levels; level++) inner = level % 2 ? [inner] : { ['n'.repeat(level % 70)]: inner }
  return inner
}

/** An error whose causes have causes; names and messages are as long as what the encoder copies without a look at its limit. */
export function deepErrors(levels: number): Error {
  const Own = { ['E'.repeat(48)]: class extends Error {} }['E'.repeat(48)]
  let cause: unknown
  for (let level = 0; level < levels; level++) {
    const error = new Own('m'.repeat(48), { cause })
    error.name = 'N'.repeat(48)
    cause = error
  }
  return cause as Error
}
