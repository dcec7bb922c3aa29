import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/configure.ts'
import { pipe } from '../../src/core/pipe.ts'
import type { Entry } from '../../src/core/types.ts'
import { memorySink } from '../../src/sinks/memory.ts'
import { dedupe } from '../../src/stages/dedupe.ts'
import { entry } from '../formats/_entry.ts'
import { end, stageContract, through } from './_contract.ts'

stageContract('dedupe', () => dedupe())

const test = suite('stages/dedupe')

/** A failure `seconds` after the start, alike but for its number, time, span and stack. */
const failure = (seconds: number, overrides: Partial<Entry> = {}): Entry =>
  entry({
    sequence: seconds,
    spanId: seconds,
    timestamp: 1795386957000 + seconds * 1000,
    durationMs: 0.5,
    level: 'error',
    returnValue: undefined,
    exception: 'refused',
    exceptionType: 'Error',
    traceback: `at line ${seconds}`,
    ...overrides
  })
const said = (entries: readonly Entry[]): [number, unknown][] =>
  entries.map(({ sequence, extra }) => [sequence, extra.repeated])

test('collapses a storm to the first and the last, with the count', () => {
  const storm = Array.from({ length: 10_000 }, (_, index) => failure(index / 1000, { sequence: index }))
  assert.equal(said(through(dedupe(), storm)), [
    [0, undefined],
    [9999, 9999]
  ])
})

test('tells what it holds with the first entry after the window', () => {
  const last = end()
  const sink = dedupe({ window: 10_000 })(last)
  sink.write([failure(0), failure(1), failure(2)])
  sink.write([failure(9)])
  assert.equal(said(last.entries()), [[0, undefined]])
  sink.write([failure(10, { functionName: 'other' })])
  assert.equal(said(last.entries().slice(1)), [
    [9, 3],
    [10, undefined]
  ])
  sink.write([failure(11)])
  assert.equal(said(last.entries().slice(3)), [[11, undefined]])
})

test('a single repeat goes on as it is', () => {
  const again = failure(1)
  assert.is(through(dedupe(), [failure(0), again])[1], again)
})

test('flush, flushSync and close tell what is held, by itself and in a pipe, and the window goes on', () => {
  for (const what of ['flush', 'flushSync', 'close'] as const) {
    for (const piped of [false, true]) {
      const last = end()
      const sink = piped ? pipe(dedupe(), last) : dedupe()(last)
      sink.write([failure(0), failure(1), failure(2)])
      sink[what]?.()
      assert.equal(said(last.entries()).at(-1), [2, 2])
      assert.is(last.calls.at(-1), what)
      sink.write([failure(3), failure(4)])
      sink[what]?.()
      assert.equal(said(last.entries()).at(-1), [4, 2])
    }
  }
})

test('entries that say something else pass', () => {
  const others: Partial<Entry>[] = [
    { functionName: 'other' },
    { module: 'other' },
    { level: 'fatal' },
    { args: ['a-2', 2] },
    { args: ['a-1', '2'] },
    { exception: 'timed out' },
    { exceptionType: 'TypeError' },
    { exception: undefined, exceptionType: undefined, returnValue: 1 }
  ]
  const entries = [failure(0), ...others.map((overrides, index) => failure(index + 1, overrides))]
  assert.equal(through(dedupe(), entries), entries)
})

test('fields count in a message, and not in a call', () => {
  const message = (id: number): Entry => failure(id, { kind: 'message', args: ['paid'], extra: { id } })
  assert.is(through(dedupe(), [message(1), message(2), message(3)]).length, 3)
  const call = (requestId: number): Entry => failure(requestId, { extra: { requestId } })
  assert.equal(said(through(dedupe(), [call(1), call(2), call(3)])), [
    [1, undefined],
    [3, 2]
  ])
})

test('goes by what it is told, and lets pass what that cannot judge', () => {
  const entries = [1, 2, 3].map((seconds) => failure(seconds, { args: [seconds] }))
  assert.is(through(dedupe({ by: ({ exception = '' }) => exception }), entries).length, 2)
  const broken = (): string => {
    throw new Error('broken')
  }
  assert.equal(through(dedupe({ by: broken }), entries), entries)
})

test('watches no more than it is told, and loses nothing by that', () => {
  const storm = ['a', 'a', 'a', 'b', 'c', 'a'].map((name, index) => failure(index, { functionName: name }))
  assert.equal(said(through(dedupe({ entries: 2 }), storm)), [
    [0, undefined],
    [3, undefined],
    [2, 2],
    [4, undefined],
    [5, undefined]
  ])
})

test('a clock that is set back ends the window', () => {
  const entries = [failure(5000), failure(5001), failure(0), failure(1)]
  assert.equal(said(through(dedupe(), entries)), [
    [5000, undefined],
    [5001, undefined],
    [0, undefined],
    [1, undefined]
  ])
})

test('nothing is lost: each entry passes or is counted, whatever comes when', () => {
  const step = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), wait: fc.nat(4000), flush: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 1, max: 5 }), (steps, limit) => {
      const last = end()
      const sink = dedupe({ window: 5000, entries: limit })(last)
      let seconds = 0
      for (const { name, wait, flush } of steps) {
        seconds += wait / 1000
        sink.write([failure(seconds, { functionName: name })])
        if (flush) sink.flush?.()
      }
      sink.close?.()
      for (const name of 'abcd') {
        const told = last.entries().filter(({ functionName }) => functionName === name)
        const sum = told.reduce((total, { extra }) => total + ((extra.repeated as number) ?? 1), 0)
        assert.is(sum, steps.filter((one) => one.name === name).length)
      }
    })
  )
})

test('what a logger holds back is told when it ends', async () => {
  const recent = memorySink()
  const logger = createLogger({ sinks: [pipe(dedupe(), recent)], exitHooks: false })
  for (let round = 0; round < 100; round++) logger.warn('disk full')
  const { delivered, pending } = logger.flushSync()
  assert.equal([delivered, pending], [100, 0])
  assert.equal(
    recent.entries().map(({ extra }) => extra.repeated),
    [undefined, 99]
  )
  await logger.close()
})

test('says what is wrong with an option', () => {
  assert.throws(() => dedupe({ window: 0 }), '[nfo] [dedupe] window is 0; use 1 or more')
  assert.throws(() => dedupe({ entries: Number.NaN }), '[nfo] [dedupe] entries is NaN')
  assert.throws(() => dedupe({ by: 'exception' as never }), '[nfo] [dedupe] by is exception')
  assert.throws(() => dedupe({ windows: 5 } as never), "did you mean 'window'?")
})

test.run()
