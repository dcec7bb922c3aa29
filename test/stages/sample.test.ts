import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { type SampleOptions, sample } from '../../src/stages/sample.ts'
import { entry } from '../formats/_entry.ts'
import { end, stageContract, through } from './_contract.ts'

stageContract('sample', () => sample())

const test = suite('stages/sample')

const BEGIN = 1795386957000

/** A call that took no time, so many milliseconds after the start. */
const call = (ms: number, overrides: Partial<Entry> = {}): Entry =>
  entry({ sequence: ms, timestamp: BEGIN + ms, durationMs: 0, ...overrides })
const row = (count: number, step: number, overrides: Partial<Entry> = {}): Entry[] =>
  Array.from({ length: count }, (_, index) => call(index * step, overrides))

/** Numbers from 0 up to 1, the same in every run. */
function random(seed = 1): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const isTold = ({ extra }: Entry): boolean => extra.dropped !== undefined
const kept = (entries: readonly Entry[]): Entry[] => entries.filter((one) => !isTold(one))
const dropped = ({ extra }: Entry): number[] => Object.values(extra.dropped as Record<string, number>)

/** How many the entries stand for. */
const weight = (entries: readonly Entry[]): number =>
  entries.reduce((sum, one) => {
    const own = isTold(one) ? dropped(one).reduce((total, count) => total + count, 0) : (one.extra.sampled as number)
    return sum + (own ?? 1)
  }, 0)

test('keeps its share', () => {
  const found = kept(through(sample({ rate: 0.1, random: random() }), row(10_000, 1)))
  assert.ok(Math.abs(found.length - 1000) < 100, `${found.length}`)
  assert.is(through(sample({ rate: 1 }), row(100, 1)).length, 100)
  assert.is(kept(through(sample({ rate: 0 }), row(100, 1))).length, 0)
})

test('keeps errors and slow calls whatever the share', () => {
  const entries = [
    call(0),
    call(1, { level: 'error' }),
    call(2, { level: 'fatal' }),
    call(3, { durationMs: 1000 }),
    call(4, { level: 'warn' }),
    call(5, { durationMs: 999 }),
    call(6, { durationMs: undefined })
  ]
  const of = (options: SampleOptions): number[] =>
    kept(through(sample(options), entries)).map(({ sequence }) => sequence)
  assert.equal(of({ rate: 0 }), [1, 2, 3])
  assert.equal(of({ perFunction: 0 }), [1, 2, 3])
  assert.equal(of({ rate: 0, level: 'warn', slow: 500 }), [1, 2, 3, 4, 5])
  assert.equal(of({ rate: 0, level: 'fatal', slow: Number.POSITIVE_INFINITY }), [2])
})

test('tells how many an entry stands for, and at the end what is left', () => {
  let turn = 0
  const everyThird = (): number => (++turn % 3 === 0 ? 0 : 0.99)
  const found = through(sample({ rate: 0.5, random: everyThird }), row(8, 1))
  assert.equal(
    found.map(({ sequence, extra }) => [sequence, extra]),
    [
      [2, { sampled: 3 }],
      [5, { sampled: 3 }],
      [7, { dropped: { 'call shop/cart:price': 2 } }]
    ]
  )
  assert.is(found[2].kind, 'message')
  assert.is(found[2].args[0], '[nfo] sample left out 2 entries')
})

test('what was left out is no part of what an error stands for', () => {
  const entries = [call(0), call(1, { level: 'error' })]
  assert.equal(through(sample({ rate: 0 }), entries)[0].extra, {})
})

test('counts each function on its own', () => {
  const names = ['a', 'b', 'a', 'b', 'a']
  const draws = [0.9, 0.9, 0.9, 0, 0]
  const entries = names.map((functionName, index) => call(index, { functionName }))
  const found = through(sample({ rate: 0.5, random: () => draws.shift() ?? 0 }), entries)
  assert.equal(
    found.map(({ functionName, extra }) => [functionName, extra.sampled]),
    [
      ['b', 2],
      ['a', 3]
    ]
  )
})

test('a flush tells nothing; what ends tells it once', () => {
  const last = end()
  const sink = sample({ rate: 0 })(last)
  sink.write(row(5, 1))
  sink.flush?.()
  assert.equal(last.entries(), [])
  sink.flushSync?.()
  sink.close?.()
  assert.equal(last.entries().map(dropped), [[5]])
})

test('keeps a trace whole, by its id', () => {
  const traces = Array.from({ length: 400 }, (_, index) =>
    (index * 0x9e3779b1).toString(16).padStart(32, '0').slice(-32)
  )
  const entries = traces.flatMap((traceId, index) => [
    call(index, { traceId }),
    call(index, { traceId, functionName: 'b' })
  ])
  const found = kept(through(sample({ rate: 0.25, traces: true }), entries))
  const ids = new Set(found.map(({ traceId }) => traceId))
  assert.is(found.length, ids.size * 2)
  assert.ok(Math.abs(ids.size - 100) < 30, `${ids.size}`)
  const again = kept(through(sample({ rate: 0.25, traces: true, random: () => 0.99 }), entries))
  assert.is(again.length, found.length)
  assert.is(kept(through(sample({ rate: 0.5, traces: true, random: () => 0.99 }), row(9, 1))).length, 0)
})

test('limits each function, second by second', () => {
  const entries = row(3000, 1).flatMap((one) => [one, { ...one, functionName: 'other' }])
  const found = kept(through(sample({ perFunction: 10 }), entries))
  const seconds = new Map<string, number>()
  for (const { functionName, timestamp } of found) {
    const key = `${functionName} ${Math.floor(timestamp / 1000)}`
    seconds.set(key, (seconds.get(key) ?? 0) + 1)
  }
  assert.equal([...seconds.values()], [10, 10, 10, 10, 10, 10])
})

/** How many of each second are kept, when so many come in it. */
function perSecond(loads: readonly number[], options: SampleOptions, overrides: Partial<Entry>[] = [{}]): number[] {
  const entries = loads.flatMap((load, second) =>
    Array.from({ length: load }, (_, index) =>
      call(second * 1000 + Math.floor((index * 1000) / load), overrides[index % overrides.length])
    )
  )
  const counts = loads.map(() => 0)
  const found = kept(through(sample({ random: random(), ...options }), entries))
  for (const { timestamp } of found) counts[Math.floor((timestamp - BEGIN) / 1000)]++
  return counts
}

test('follows the load to its budget', () => {
  const counts = perSecond([50, 100, 20_000, 20_000, 20_000, 500, 500, 60], { budget: 100 })
  assert.equal(counts.slice(0, 2), [50, 100])
  assert.ok(counts[2] <= 250, `a sudden load: ${counts}`)
  for (const count of [counts[3], counts[4], counts[6]]) assert.ok(count > 60 && count < 150, `steady: ${counts}`)
  assert.ok(perSecond([500, 60, 60], { budget: 100 })[2] === 60, 'back to all')
})

test('what is kept anyway is part of the budget', () => {
  const counts = perSecond([1000, 1000, 1000], { budget: 150 }, [
    { level: 'error' },
    ...Array.from({ length: 9 }, () => ({}))
  ])
  assert.ok(counts[2] > 115 && counts[2] < 200, `${counts}`)
  const flood = perSecond([1000, 1000], { budget: 10 }, [{ level: 'error' }, {}])
  assert.is(flood[1], 500)
})

test('leaves nothing out below the budget, whatever the errors', () => {
  const overrides: Partial<Entry>[] = [{ level: 'error' }, {}, {}, {}]
  assert.equal(perSecond([8, 8, 8], { budget: 10, random: () => 0.99 }, overrides), [8, 8, 8])
})

test('the numbers add up, whatever is left out', () => {
  const one = fc.record({
    functionName: fc.constantFrom('a', 'b', 'c'),
    level: fc.constantFrom('debug' as const, 'error' as const),
    wait: fc.nat(700)
  })
  const options = fc.record({
    rate: fc.double({ min: 0, max: 1, noNaN: true }),
    perFunction: fc.nat(3),
    budget: fc.integer({ min: 1, max: 5 })
  })
  fc.assert(
    fc.property(fc.array(one), options, (list, given) => {
      let ms = 0
      const entries = list.map(({ wait, ...overrides }) => {
        ms += wait
        return call(ms, overrides)
      })
      const found = through(sample({ ...given, random: random() }), entries)
      assert.is(weight(found), entries.length)
      const errors = (from: readonly Entry[]): number => from.filter(({ level }) => level === 'error').length
      assert.is(errors(found), errors(entries))
    })
  )
})

test('a program that makes functions without end takes no memory without end, and the numbers add up', () => {
  const entries = Array.from({ length: 3000 }, (_, index) => call(0, { functionName: `f${index}` }))
  const found = through(sample({ rate: 0 }), entries)
  assert.is(weight(found), 3000)
  assert.is(dropped(found[0]).length, 1001)
})

test('a clock that is set back starts new seconds', () => {
  const entries = [...row(10, 1), ...row(10, 1).map((one) => ({ ...one, timestamp: one.timestamp - 3_600_000 }))]
  assert.is(kept(through(sample({ perFunction: 3 }), entries)).length, 6)
})

test('says what is wrong with an option', () => {
  const cases: [SampleOptions, string][] = [
    [{ rate: 1.5 }, '[nfo] [sample] rate is 1.5; use 0 to 1'],
    [{ rate: Number.NaN }, '[nfo] [sample] rate is NaN'],
    [{ slow: -1 }, '[nfo] [sample] slow is -1; use 0 or more'],
    [{ budget: 0 }, '[nfo] [sample] budget is 0; use 1 or more'],
    [{ level: 'errors' as never }, "did you mean 'error'?"],
    [{ rates: 1 } as never, "did you mean 'rate'?"]
  ]
  for (const [options, said] of cases) assert.throws(() => sample(options), said)
})

test.run()
