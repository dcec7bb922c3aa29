import * as fc from 'fast-check'
import { Snapshot, type SnapshotKind } from '../../src/core/snapshot.ts'

const kinds: SnapshotKind[] = [
  ...(['instance', 'error', 'function', 'symbol', 'redacted'] as const),
  ...(['unreadable', 'cycle', 'depth', 'more', 'opaque'] as const)
]

/** Any UTF-16 units, so lone surrogates too, and often what is special to a format, a terminal or a reader of lines. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', '\n', '\r\n', '\u0085', '\u2028', '\u2029', '"', '\\', '\x1b[2J', '\x9b', '\ud800', '__proto__'),
  fc.constantFrom('$', '$$', '$date', '$$date', '$map', '$instance', '$bytes', 'toJSON', 'constructor')
)

/**
 * Property names; none ends with what JSON escapes: once V8 (13.6 and later) has seen one that ends in a backslash, its
 * JSON.parse may take another name at that place of an object, the same but for an escape at its end, for it.
 */
export const keys: fc.Arbitrary<string> = texts.filter((text) => !/["\\\p{Cc}\p{Cs}]$/u.test(text))

/** Everything an entry may hold. */
export const values: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const value = tie('value')
  const fields = fc.dictionary(keys, value, { maxKeys: 4 })
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(texts, fc.integer(), fc.double(), fc.boolean(), fc.bigInt(), fc.constantFrom(null, undefined, -0, NaN)),
      fc.date({ noInvalidDate: false }),
      fc.uint8Array(),
      fc.constantFrom(/a\/b/giu, /(?:)/, /[\n\u2028"]/s),
      fc.array(value, { maxLength: 4 }),
      fields,
      fc.array(fc.tuple(value, value), { maxLength: 3 }).map((pairs) => new Map(pairs)),
      fc.array(value, { maxLength: 3 }).map((items) => new Set(items)),
      fc
        .tuple(fc.constantFrom(...kinds), texts, fc.option(fields, { nil: undefined }))
        .map(([kind, text, own]) => new Snapshot(kind, text, own))
    )
  }
}).value
