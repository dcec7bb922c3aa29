import { Snapshot } from '../core/snapshot.ts'

const DEEPEST = 64

type Rewrite = (given: unknown) => unknown

/**
 * Copies values, as deep as they go, by what `text` makes of a text, also of one that is a name. The value of a name that
 * `isSecret` is what `secret` makes of it; without that, the name goes too. What holds itself is cut off there.
 */
export function createRewrite(
  text: (given: string) => string,
  isSecret: (name: unknown) => boolean,
  secret?: Rewrite
): Rewrite {
  function walk(given: unknown, path: readonly object[]): unknown {
    if (typeof given === 'string') return text(given)
    if (typeof given !== 'object' || given === null || isPlain(given)) return given
    if (path.length > DEEPEST || path.includes(given)) return new Snapshot('depth', '')
    const inner: Rewrite = (item) => walk(item, [...path, given])
    if (Array.isArray(given)) return given.map(inner)
    if (given instanceof Set) return new Set([...given].map(inner))
    if (given instanceof Map) return pairs(given, inner)
    if (!(given instanceof Snapshot)) return Object.fromEntries(pairs(Object.entries(given), inner))
    return new Snapshot(given.kind, text(given.text), inner(given.fields) as Snapshot['fields'])
  }

  function pairs(given: Iterable<readonly [unknown, unknown]>, inner: Rewrite): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>()
    for (const [name, item] of given) {
      const own = isSecret(name) ? secret : inner
      let key = inner(name)
      // Two names may have become one.
      while (copy.has(key)) key += '+'
      if (own) copy.set(key, own(item))
    }
    return copy
  }

  return (given) => walk(given, [])
}

// Of these no part is a text.
const isPlain = (given: object): boolean =>
  given instanceof Date || given instanceof RegExp || ArrayBuffer.isView(given)
