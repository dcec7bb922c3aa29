import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import { isWhole, keyOf } from '../../src/stages/_key.ts'
import { same } from '../formats/_entry.ts'

const test = suite('stages/_key')

const values = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, maxDepth: 3 })

/** The same value with the properties of its objects, and the pairs of its maps, the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, item]) => [turned(key), turned(item)] as const).reverse())
  if (value instanceof Set) return new Set(Array.from(value, turned).reverse())
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const pairs = Object.entries(value).map(([name, item]) => [name, turned(item)] as const)
  return Object.fromEntries(pairs.reverse())
}

test('is the same whatever the order of properties', () => {
  fc.assert(fc.property(values, (value) => assert.is(keyOf(turned(value)), keyOf(value))))
})

// So few that they are often equal.
const few = fc.anything({
  key: fc.constantFrom('a', 'b'),
  values: [fc.constantFrom<unknown[]>(0, 1, '0', 'a', '{}', true, null, undefined)],
  maxDepth: 2,
  maxKeys: 2
})

test('differs where values do, and only there', () => {
  fc.assert(
    fc.property(few, few, (one, other) => assert.is(keyOf(one) === keyOf(other), same(one, other))),
    { numRuns: 1000 }
  )
  const all = [0, -0, 1, '1', 1n, true, 'true', null, 'null', undefined, [], {}, [[]], new Map(), new Set(), '', ['']]
  const more = [new Date(1), /1/, new Uint8Array([1]), [1], { a: 1 }, { a: '1' }, new Map([['a', 1]]), ['a', 1], 'a,1']
  const keys = [...all, ...more].map(keyOf)
  assert.is(new Set(keys).size, keys.length)
})

test('two errors at different lines are the same', () => {
  const error = (stack: string, message = 'no') => new Snapshot('error', message, { name: 'Error', message, stack })
  assert.is(keyOf(error('at a:1')), keyOf(error('at b:2')))
  assert.is.not(keyOf(error('at a:1')), keyOf(error('at a:1', 'other')))
  assert.is.not(keyOf(new Snapshot('instance', 'A', { stack: 1 })), keyOf(new Snapshot('instance', 'A', { stack: 2 })))
})

test('what was not recorded makes it unknown', () => {
  for (const kind of ['redacted', 'unreadable', 'depth', 'more', 'opaque'] as const) {
    assert.not(isWhole(keyOf([{ a: new Snapshot(kind, '') }])), kind)
  }
  for (const value of ['\0', { '\0': 1 }, new Snapshot('function', 'f'), new Snapshot('symbol', '\0')]) {
    assert.ok(isWhole(keyOf(value)))
  }
})

test('is bounded for what is deep, wide, or holds itself', () => {
  const self: unknown[] = []
  self.push(self, self, self)
  assert.not(isWhole(keyOf(self)))
  let deep: unknown = 1
  for (let level = 0; level < 50_000; level++) deep = [deep]
  assert.ok(keyOf(deep).length < 100)
  assert.not(isWhole(keyOf(Array.from({ length: 6000 }, () => []))))
})

test.run()
