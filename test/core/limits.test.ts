import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { walk } from '../../src/core/drain.ts'
import { RECORD_WORDS, WORDS_MASK } from '../../src/core/layout.ts'
import { Snapshot } from '../../src/core/snapshot.ts'
import { slow } from '../_run/runtime.ts'
import { same } from '../formats/_entry.ts'
import { lab, recorded } from './_lab.ts'
import { deepErrors, hostile } from './_values.ts'

const test = suite('core/limits')

const nested = (levels: number): unknown => (levels === 0 ? 'end' : { in: nested(levels - 1) })
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'in' in value ? 1 + depthOf(value.in) : 0

test('depth, items and string are 5, 64 and 1024, and what is cut is marked', () => {
  const whole = recorded([nested(4), Array(63).fill(1), 'x'.repeat(1024), new Set(Array(64).keys())])
  assert.ok(same(whole.arg, [nested(4), Array(63).fill(1), 'x'.repeat(1024), new Set(Array(64).keys())]))
  assert.not('truncated' in whole.entry.extra)
  const deep = recorded(nested(6))
  assert.is(depthOf(deep.arg), 5)
  assert.ok(deep.entry.extra.truncated)
  const wide = recorded(Array.from({ length: 70 }, (_, index) => index))
  assert.ok(same((wide.arg as unknown[]).slice(63), [63, new Snapshot('more', '6')]))
  assert.ok(wide.entry.extra.truncated)
  assert.is(recorded('x'.repeat(1025)).arg, `${'x'.repeat(1024)}… (1025 characters)`)
  const properties = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`key${index}`, index]))
  assert.is(Object.keys(recorded(properties).arg as object).length, 64)
  assert.is((recorded(new Map(Object.entries(properties))).arg as Map<string, number>).size, 64)
  assert.is((recorded(new Set(Object.keys(properties))).arg as Set<string>).size, 64)
})

test('a limit counts characters, not bytes', () => {
  for (const unit of ['ż', '日', '👩']) {
    const text = unit.repeat(Math.floor(1000 / unit.length))
    assert.ok(recorded(text).arg === text, unit)
  }
  const broken = `\ud800${'x'.repeat(900)}`
  assert.ok(recorded(broken).arg === broken)
})

test('a text that is cut says so, and is not cut within a character', () => {
  for (const [unit, count] of [
    ['👩', 1025],
    ['x', 5000],
    ['日', 5000]
  ] as const) {
    const { arg, entry } = recorded(`-${unit.repeat(count)}`)
    const [, kept, length] = /^-(.*)… \((\d+) characters\)$/su.exec(String(arg)) ?? []
    assert.is(Number(length), 1 + unit.length * count)
    assert.is(kept, unit.repeat(kept.length / unit.length))
    assert.ok(entry.extra.truncated)
  }
})

test('a snapshot of bytes keeps their number', () => {
  const { arg } = recorded(new Uint8Array(1000).fill(7))
  assert.ok(same(arg, new Snapshot('instance', 'Uint8Array', { length: 1000, bytes: new Uint8Array(64).fill(7) })))
})

test('a logger and a wrap have limits of their own', () => {
  const capture = { depth: 2, items: 3, string: 60 }
  const value = [nested(3), 'x'.repeat(70), 1, 2]
  const cut = [
    { in: new Snapshot('depth', 'Object') },
    `${'x'.repeat(60)}… (70 characters)`,
    1,
    new Snapshot('more', '1')
  ]
  assert.ok(same(recorded(value, { capture }).arg, cut))
  const { logger, fresh } = lab()
  const own = logger.wrap((input: unknown): unknown => input, { name: 'own', capture })
  const inner = logger.wrap((input: unknown): unknown => input, 'inner')
  const outer = logger.wrap((input: unknown): unknown => inner(input), { name: 'outer', capture })
  own(value)
  outer(value)
  const [first, second, third] = fresh()
  assert.ok(same(first.args, [cut]) && same(first.returnValue, cut))
  assert.is(second.functionName, 'inner')
  assert.ok(same(second.args, [value]), 'what is called within has its own limits')
  assert.ok(same(third.args, [cut]) && same(third.returnValue, cut))
})

test('a short string has its limit too', () => {
  assert.is(recorded('x'.repeat(40), { capture: { string: 10 } }).arg, `${'x'.repeat(10)}… (40 characters)`)
})

test('a wrap cuts the results of its promises and generators like the rest', async () => {
  const { logger, fresh } = lab()
  const capture = { items: 2 }
  const later = logger.wrap(async () => [1, 2, 3], { name: 'later', capture })
  const steps = logger.wrap(
    function* () {
      yield 1
      return [1, 2, 3]
    },
    { name: 'steps', capture }
  )
  await later()
  const generator = steps()
  generator.next()
  generator.next()
  for (const { returnValue } of fresh()) assert.ok(same(returnValue, [1, 2, new Snapshot('more', '1')]))
})

test('300 arguments', () => {
  const { logger, fresh } = lab()
  const count = logger.wrap((...values: number[]): number => values.length, 'count')
  assert.is(count(...Array(300).keys()), 300)
  const [{ args, extra, returnValue }] = fresh()
  assert.equal(args, [...Array(255).keys()])
  assert.ok(extra.truncated)
  assert.is(returnValue, 300)
})

test('no record is larger than its bound, whatever is passed', () => {
  const { logger, fresh } = lab({ ring: 65_536, capture: { depth: 16, items: 1000, string: 100_000 } })
  const ring = logger.recorder
  const values = fc.array(hostile, { minLength: 1, maxLength: 4 })
  const identity = logger.wrap((...input: unknown[]): unknown => input, 'identity')
  fc.assert(
    fc.property(values, (input) => {
      identity(...input.map((make) => make()))
      let largest = 0
      walk(ring, ring.tail, ring.head, (_, shape) => {
        largest = Math.max(largest, shape & WORDS_MASK)
      })
      assert.is(fresh().filter(({ functionName }) => functionName === 'identity').length, 1)
      return largest <= RECORD_WORDS
    }),
    { numRuns: slow ? 20 : 200 }
  )
})

test('a chain of causes at the end of a full record stays within it', () => {
  const ring = lab({ capture: { depth: 16, items: 10_000 } })
  const identity = ring.logger.wrap((input: unknown): unknown => input, 'identity')
  for (let filled = 2900; filled < 4700; filled += 7) {
    identity([...Array(filled).fill(1), deepErrors(16)])
    const { recorder } = ring.logger
    walk(recorder, recorder.tail, recorder.head, (_, shape) => {
      assert.ok((shape & WORDS_MASK) <= RECORD_WORDS, `${shape & WORDS_MASK} words after ${filled} bytes`)
    })
    assert.is(ring.fresh().length, 1)
  }
})

test.run()
