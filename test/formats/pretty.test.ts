import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry } from '../../src/core/types.ts'
import { inspectValue, type PrettyOptions, pretty, treeDepths } from '../../src/formats/pretty.ts'
import { slow } from '../_run/runtime.ts'
import { entry } from './_entry.ts'
import { texts, values } from './_values.ts'

const test = suite('formats/pretty')
const numRuns = slow ? 50 : 500
const steering = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

const prints = (name: string, overrides: Partial<Entry>, expected: string, options?: PrettyOptions): void => {
  test(`prints ${name}`, () => assert.is(pretty(entry(overrides), { time: false, ...options }), expected))
}

const failure = { level: 'error', returnValue: undefined, exceptionType: 'TypeError', exception: 'no\nprice' } as const
const message = { kind: 'message', level: 'info', durationMs: 0, returnValue: undefined } as const

prints('a call', {}, `DEBUG price(sku: 'a-1', count: 2) → 17.5  1.2 ms`)
prints('a call that gives nothing', { returnValue: undefined }, `DEBUG price(sku: 'a-1', count: 2)  1.2 ms`)
prints('a call in a call', { args: [] }, 'DEBUG     price() → 17.5  1.2 ms', { depth: 2 })
prints('arguments without a parameter', { params: [] }, `DEBUG price('a-1', 2) → 17.5  1.2 ms`)
prints('a call without a name', { functionName: '', args: [] }, 'DEBUG anonymous() → 17.5  1.2 ms')
prints('a call of unknown duration', { durationMs: undefined, args: [] }, 'DEBUG price() → 17.5')
prints('an error', { ...failure, args: [] }, 'ERROR price() ✗ TypeError: no\\nprice  1.2 ms')
prints('an error without a message', { ...failure, exception: '', args: [] }, 'ERROR price() ✗ TypeError  1.2 ms')
prints(
  'where an error comes from',
  {
    ...{ ...failure, args: [] },
    traceback: 'TypeError: no\n  at here\n    at read (node:fs:1:2)\n    at price (shop.ts:3:4)\n    at x (y.ts:5:6)'
  },
  'ERROR price() ✗ TypeError: no\\nprice at here  1.2 ms'
)
prints(
  'the frame of the code itself, not of the runtime or a package',
  {
    ...{ ...failure, args: [] },
    traceback: 'E: no\n    at r (node:fs:1:2)\n    at p (/x/node_modules/p/i.js:1:2)\n    at price (shop.ts:3:4)'
  },
  'ERROR price() ✗ TypeError: no\\nprice at price (shop.ts:3:4)  1.2 ms'
)
prints(
  'the frame as Firefox and Safari write it',
  { ...failure, args: [], traceback: 'price@http://x/shop.js:3:4\nmain@http://x/shop.js:9:9' },
  'ERROR price() ✗ TypeError: no\\nprice price@http://x/shop.js:3:4  1.2 ms'
)
prints('a message', { ...message, args: ['saved'], extra: { id: 7, by: 'eve' } }, `INFO  saved id=7 by='eve'`)
prints(
  'a generator',
  { args: [], returnValue: undefined, extra: { yields: 3, outcome: 'abandoned' } },
  'DEBUG price() ⇉ 3 yields, abandoned  1.2 ms'
)
prints(
  'an open call',
  { args: [], returnValue: undefined, open: true, durationMs: 3210 },
  'DEBUG price() … still running 3.2 s'
)
prints('what else there is', { args: [], extra: { truncated: true } }, 'DEBUG price() → 17.5 truncated=true  1.2 ms')

for (const [ms, text] of [
  [0, '0 µs'],
  [0.0034, '3.4 µs'],
  [0.25, '250 µs'],
  [1500, '1.5 s'],
  [125_000, '2 min 5 s']
] as const) {
  prints(`a duration of ${ms} ms`, { args: [], durationMs: ms }, `DEBUG price() → 17.5  ${text}`)
}

test('puts the local time first', () => {
  const timestamp = new Date(2026, 10, 22, 5, 6, 7, 89).getTime() + 0.5
  assert.ok(pretty(entry({ timestamp })).startsWith('05:06:07.089 DEBUG price('))
})

test('uses colours only when told to', () => {
  const failed = entry({ ...failure, traceback: 'E\n    at price (shop.ts:3:4)' })
  const coloured = pretty(failed, { colour: true })
  assert.match(coloured, '\x1b[31m✗ TypeError: no\\nprice\x1b[39m')
  assert.is(coloured.replace(/\p{Cc}\[\d+m/gu, ''), pretty(failed))
  assert.not.match(pretty(failed), '\x1b')
})

test('shortens long values and leaves room for the others', () => {
  const args = ['x'.repeat(500), 2]
  const line = pretty(entry({ args, returnValue: Array.from({ length: 500 }, (_, index) => index) }), { width: 100 })
  assert.match(line, /^\S+ DEBUG price\(sku: 'x{10,}…', count: 2\) → \[0, 1, .+, … \d+ more\] {2}1\.2 ms$/)
  assert.ok(line.length <= 100, line)
})

test('never lets data steer the terminal, whatever it is', () => {
  fc.assert(
    fc.property(
      texts,
      fc.array(values, { maxLength: 3 }),
      texts,
      texts,
      fc.dictionary(texts, values),
      (name, args, one, two, extra) => {
        const call = entry({
          functionName: name,
          args,
          params: [one, two],
          exception: one,
          exceptionType: two,
          traceback: two,
          extra
        })
        assert.not.match(pretty(call), steering)
        assert.not.match(pretty({ ...call, kind: 'message', args: [one] }), steering)
      }
    ),
    { numRuns }
  )
})

test('inspects any value within its budget', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 60 }), (value, budget) => {
      const text = inspectValue(value, budget)
      assert.ok(text.length > 0 && text.length <= budget, text)
      assert.not.match(text, steering)
    }),
    { numRuns }
  )
})

const shows = (value: unknown, expected: string, budget?: number): void => {
  test(`inspects ${expected}`, () => assert.is(inspectValue(value, budget), expected))
}
shows('it\'s a \\ "thing"\n\x1b[31m\u202e👩‍👧', `'it\\'s a \\\\ "thing"\\n\\x1b[31m\\u{202e}👩‍👧'`)
shows([undefined, null, -0, 1.5, 2n, true], '[undefined, null, -0, 1.5, 2n, true]')
shows({ a: 1, b: { c: [] } }, '{a: 1, b: {c: []}}')
shows(
  new Map<unknown, unknown>([
    ['a', 1],
    [{}, 2]
  ]),
  `Map(2) {'a' => 1, {} => 2}`
)
shows(new Set(['a']), `Set(1) {'a'}`)
shows(new Date(0), '1970-01-01T00:00:00.000Z')
shows(new Date(NaN), 'Invalid Date')
shows(/a\/b/g, '/a\\/b/g')
shows(new Uint8Array([0, 255]), 'bytes(2) <00 ff>')
shows(new Snapshot('instance', 'Cart', { total: 3 }), 'Cart {total: 3}')
shows(new Snapshot('error', 'no price', { name: 'TypeError', message: 'no price' }), 'TypeError: no price')
shows(new Snapshot('function', 'price'), '[function price]')
shows(new Snapshot('symbol', 'mark'), 'Symbol(mark)')
shows(new Snapshot('redacted', ''), '[redacted]')
shows(new Snapshot('cycle', '2'), '[cycle 2]')
shows(new Snapshot('depth', 'Object'), '[Object]')
shows(new Snapshot('opaque', 'Promise'), '[Promise]')
shows([1, new Snapshot('more', '98')], '[1, … 98 more]')
shows([10, 20, 30, 40, 50], '[10, 20, … 3 more]', 18)
shows({ first: 1, second: 2, third: 3 }, '{first: 1, … 2 more}', 22)
shows('abcdefghij', `'abc…'`, 6)
shows('ab😀cd', `'ab…'`, 6)

test('inspects what is very deep, and what throws', () => {
  let deep: unknown[] = []
  for (let level = 0; level < 100_000; level++) deep = [deep]
  assert.match(inspectValue(deep, 20), /^\[\[\[.*…/)
  const throwing = {
    get value() {
      throw new Error('no')
    }
  }
  assert.is(inspectValue(throwing), '[unreadable]')
})

const call = (sequence: number, parentId: number): Entry => entry({ sequence, spanId: sequence, parentId })

test('finds the depth of each entry, also before its caller', () => {
  assert.equal(treeDepths([call(3, 2), call(2, 1), call(4, 1), call(1, 0), call(5, 0)]), [2, 1, 1, 0, 0])
  const said = entry({ kind: 'message', spanId: 0, parentId: 2 })
  assert.equal(treeDepths([said, call(2, 1), call(1, 0), { ...said, parentId: 0 }]), [2, 1, 0, 0])
})

test('remembers callers of earlier batches, and counts unknown ones as one level', () => {
  const known = new Map<number, number>()
  assert.equal(treeDepths([call(1, 0), call(2, 1)], known), [0, 1])
  assert.equal(treeDepths([call(3, 2), call(5, 4), call(6, 5)], known), [2, 1, 2])
  assert.equal([...known].sort(), [
    [1, 0],
    [2, 1],
    [3, 2],
    [5, 1],
    [6, 2]
  ])
})

test('ends on a circle of callers and on a very deep one', () => {
  assert.is(treeDepths([call(1, 2), call(2, 1), call(3, 3)]).length, 3)
  const deep = Array.from({ length: 50_000 }, (_, index) => call(index + 1, index)).reverse()
  assert.is(treeDepths(deep)[0], 49_999)
})

test.run()
