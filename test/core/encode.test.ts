import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import { slow } from '../_run/runtime.ts'
import { same } from '../formats/_entry.ts'
import { lab, recorded } from './_lab.ts'
import { plain } from './_values.ts'

const test = suite('core/encode')
const numRuns = slow ? 60 : 400

test('gives back what was passed and what was returned', () => {
  const { logger, fresh } = lab()
  const identity = logger.wrap((value: unknown): unknown => value, 'identity')
  fc.assert(
    fc.property(plain, (value) => {
      identity(value)
      const [entry] = fresh()
      return entry.extra.truncated === true || (same(entry.args, [value]) && same(entry.returnValue, value))
    }),
    { numRuns }
  )
})

test('cuts nothing that is small', () => {
  const { logger, fresh } = lab()
  const identity = logger.wrap((value: unknown): unknown => value, 'identity')
  let cut = 0
  fc.assert(
    fc.property(plain, (value) => {
      identity(value)
      cut += +(fresh()[0].extra.truncated === true)
    }),
    { numRuns }
  )
  assert.ok(cut < numRuns / 20, `${cut} of ${numRuns} were cut`)
})

test('takes any number and kind of arguments', () => {
  const { logger, fresh } = lab()
  const count = logger.wrap((...values: unknown[]): number => values.length, 'count')
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 6 }), (values) => {
      count(...values)
      const [entry] = fresh()
      return entry.extra.truncated === true || (same(entry.args, values) && entry.returnValue === values.length)
    }),
    { numRuns: numRuns / 2 }
  )
})

test('keeps what was passed, not what became of it', () => {
  const { logger, fresh } = lab()
  const list = [1, { deep: new Map([['a', [1]]]) }] as [number, { deep: Map<string, number[]> }]
  const change = logger.wrap((given: typeof list) => {
    given[0] = 2
    given[1].deep.get('a')?.push(2)
    given[1].deep.set('b', [])
    return given
  }, 'change')
  change(list)
  list[0] = 3
  const [{ args, returnValue }] = fresh()
  assert.ok(same(args, [[1, { deep: new Map([['a', [1]]]) }]]))
  assert.ok(
    same(returnValue, [
      2,
      {
        deep: new Map([
          ['a', [1, 2]],
          ['b', []]
        ])
      }
    ])
  )
})

test('shows typed arrays as numbers, and bytes as bytes', () => {
  const bytes = new Uint8Array([1, 2, 255])
  const cases: [unknown, unknown][] = [
    [new Float64Array([1.5, -0, NaN]), [1.5, -0, NaN]],
    [new Int16Array([-1, 2]), [-1, 2]],
    [new Uint8ClampedArray([1, 300]), [1, 255]],
    [new BigInt64Array([-5n]), [-5n]],
    [bytes.buffer.slice(0), bytes],
    [new DataView(bytes.buffer, 1), bytes.slice(1)],
    [bytes.subarray(0, 1), bytes.slice(0, 1)]
  ]
  for (const [value, expected] of cases) {
    const { arg, result } = recorded(value)
    assert.ok(same(arg, expected) && same(result, expected), String(value))
  }
})

test('leaves holes undefined and keys as they were', () => {
  // biome-ignore lint/suspicious/noSparseArray: a hole is what this is about
  assert.ok(same(recorded([, 1]).arg, [undefined, 1]))
  const odd = JSON.parse('{"__proto__": 1, "constructor": 2, "": 3}') as object
  assert.ok(same(recorded(odd).arg, odd))
  const hidden = Object.defineProperty({ own: 1 }, 'hidden', { value: 2, enumerable: false })
  assert.ok(same(recorded(Object.setPrototypeOf({ own: 1 }, { inherited: 1 })).arg, recorded({ own: 1 }).arg) === false)
  assert.ok(same(recorded(hidden).arg, { own: 1 }))
})

test('calls neither toJSON nor toString nor valueOf', () => {
  const refuse = (): never => {
    throw new Error('was called')
  }
  const { arg } = recorded({ toJSON: refuse, toString: refuse, valueOf: refuse, [Symbol.toPrimitive]: refuse })
  const kept = new Snapshot('function', refuse.name)
  assert.ok(same(arg, { toJSON: kept, toString: kept, valueOf: kept }))
})

test('names the types', () => {
  const { logger, fresh } = lab()
  class User {}
  const values = [
    1,
    'a',
    null,
    undefined,
    [1],
    {},
    new Map(),
    new User(),
    new RangeError('a'),
    () => 1,
    1n,
    Symbol('s')
  ]
  logger.wrap((..._values: unknown[]) => {}, 'types')(...values)
  const types = 'number string null undefined Array Object Map User RangeError function bigint symbol'
  const [{ argTypes, returnType }] = fresh()
  assert.is(argTypes.join(' '), types)
  assert.is(returnType, 'undefined')
})

test.run()
