import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { slow } from '../_run/runtime.ts'
import { addsUp, lab } from './_lab.ts'
import { createProgram, matches, programs, type Step } from './_program.ts'

const test = suite('core/ring')
const numRuns = slow ? 5 : 60
const steps = slow ? 60 : 200

const flat: Step = { shape: 2, payload: 7, size: 300, how: 'return', drain: false, inner: [] }

test('gives back every call, in the order in which they ended, over many laps', () => {
  fc.assert(
    fc.property(programs(steps), (program) => {
      const { logger, entries } = lab({ ring: 32_768 })
      const { model, perform } = createProgram(logger)
      for (const step of program) perform(step)
      logger.flushSync()
      const wrong = entries.findIndex((entry, index) => !matches(entry, model[index]))
      if (wrong >= 0) throw new Error(JSON.stringify([wrong, entries[wrong], String(model[wrong]?.args)]))
      const { accepted, delivered } = logger.stats()
      return entries.length === model.length && accepted === model.length && delivered === model.length
    }),
    { numRuns }
  )
})

test('thousands of laps with records of every size', () => {
  const { logger, entries } = lab({ ring: 32_768 })
  const { model, perform } = createProgram(logger)
  for (let round = 0; round < (slow ? 300 : 3000); round++) {
    const inner = round % 3 === 0 ? [{ ...flat, size: (round * 7) % 1024, how: 'throw' as const }, flat] : []
    perform({ ...flat, size: (round * 131) % 1024, shape: round % 6, inner })
  }
  logger.flushSync()
  assert.is(entries.length, model.length)
  assert.is(
    entries.findIndex((entry, index) => !matches(entry, model[index])),
    -1
  )
})

test('what drop-oldest delivers is the end of it, and the rest is counted', () => {
  fc.assert(
    fc.property(programs(steps), fc.boolean(), (program, twice) => {
      const { logger, entries, host } = lab({ ring: 32_768, overflow: 'drop-oldest' })
      const { model, perform } = createProgram(logger)
      const all = twice ? [...program, ...program] : program
      for (const step of all) perform({ ...step, drain: false })
      assert.ok(addsUp(logger.stats()))
      host.tick()
      const { accepted, delivered, dropped, pending } = logger.stats()
      const bySpan = new Map(model.map((expected) => [expected.span, expected]))
      const right = entries.every((entry) => {
        const expected = bySpan.get(entry.spanId)
        return matches(entry.extra.argsLost ? { ...entry, args: expected?.args ?? [] } : entry, expected)
      })
      const seen = new Set(entries.map(({ spanId }) => spanId)).size
      return (
        right &&
        seen === entries.length &&
        accepted === model.length &&
        delivered === entries.length &&
        delivered + dropped === accepted &&
        pending === 0
      )
    }),
    { numRuns }
  )
})

test('drop-oldest keeps the newest', () => {
  const { logger, entries, host } = lab({ ring: 32_768, overflow: 'drop-oldest' })
  const count = logger.wrap((index: number) => index, 'count')
  for (let index = 0; index < 5000; index++) count(index)
  host.tick()
  assert.ok(entries.length > 300)
  assert.equal(
    entries.map(({ args }) => args[0]),
    Array.from(entries, (_, index) => 5000 - entries.length + index)
  )
  assert.is(logger.stats().dropped, 5000 - entries.length)
})

test('drop-newest keeps the oldest, and takes new ones again after a drain', () => {
  const { logger, entries, host } = lab({ ring: 32_768, overflow: 'drop-newest' })
  const count = logger.wrap((index: number) => index, 'count')
  for (let index = 0; index < 5000; index++) count(index)
  logger.info('refused too')
  const { accepted, dropped } = logger.stats()
  assert.is(accepted, 5001)
  host.tick()
  assert.ok(entries.length > 200)
  assert.equal(
    entries.map(({ args }) => args[0]),
    [...entries.keys()]
  )
  assert.is(dropped, 5001 - entries.length)
  count(-1)
  logger.flushSync()
  assert.equal(entries.at(-1)?.args, [-1])
  assert.ok(addsUp(logger.stats()))
})

test('a refused call is still made, with this, new and its own error', () => {
  const { logger } = lab({ ring: 32_768, overflow: 'drop-newest' })
  const fill = logger.wrap((index: number) => index, 'fill')
  for (let index = 0; index < 2000; index++) fill(index)
  assert.is(logger.recorder.refusing, true)
  const boom = new Error('boom')
  const own = logger.wrap(function (this: { id: number }, add: number) {
    if (add < 0) throw boom
    return this.id + add
  }, 'own')
  assert.is(own.call({ id: 1 }, 2), 3)
  assert.throws(
    () => own.call({ id: 1 }, -1),
    (error: unknown) => error === boom
  )
  const Made = logger.wrap(
    class {
      made = true
    }
  )
  assert.ok(new Made().made)
})

test.run()
