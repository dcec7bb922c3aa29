import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/core/logger.ts'
import { Recorder } from '../../src/core/ring.ts'
import type { Entry } from '../../src/core/types.ts'
import { wrap } from '../../src/core/wrap.ts'
import { slow } from '../_run/runtime.ts'
import { addsUp, failing, fakeHost, gathering, lab } from './_lab.ts'

const test = suite('core/pinned')
const flood = slow ? 5000 : 100_000

/** Three functions, of which the innermost fails. */
function crash(record: <F extends (...args: never[]) => unknown>(fn: F, name: string) => F): () => void {
  const inner = record((id: number): never => {
    throw new Error(`crash ${id}`)
  }, 'inner')
  const middle = record((id: number) => inner(id), 'middle')
  const outer = record((text: string) => middle(text.length), 'outer')
  return () => void failing(() => outer('four'))
}

function isWhole(entries: Entry[]): boolean {
  const [inner, middle, outer] = ['inner', 'middle', 'outer'].map((name) =>
    entries.find(({ functionName }) => functionName === name)
  )
  return (
    inner?.exception === 'crash 4' &&
    inner.parentId === middle?.spanId &&
    middle.parentId === outer?.spanId &&
    outer.parentId === 0 &&
    inner.args[0] === 4 &&
    middle.args[0] === 4 &&
    outer.args[0] === 'four' &&
    [inner, middle, outer].every(({ level }) => level === 'error')
  )
}

test('an error and its callers survive a flood of successes when nothing is configured', () => {
  const ring = new Recorder(65_536)
  crash((fn, name) => wrap(fn, { name, logger: { recorder: ring } }))()
  const fill = wrap((index: number) => index, { name: 'fill', logger: { recorder: ring } })
  for (let index = 0; index < flood; index++) fill(index)
  const logger = createLogger({}, fakeHost(), ring)
  assert.ok(isWhole(logger.dump()))
  assert.equal(logger.dump().at(-1)?.args, [flood - 1])
})

test('and are delivered by a logger that comes later', () => {
  const ring = new Recorder(65_536)
  crash((fn, name) => wrap(fn, { name, logger: { recorder: ring } }))()
  const fill = wrap((index: number) => index, { name: 'fill', logger: { recorder: ring } })
  for (let index = 0; index < flood; index++) fill(index)
  const sink = gathering()
  const logger = createLogger({ sinks: [sink] }, fakeHost(), ring)
  const { accepted, delivered, pending } = logger.flushSync()
  assert.ok(isWhole(sink.entries))
  assert.is(accepted, sink.entries.length)
  assert.is(delivered, accepted)
  assert.is(pending, 0)
})

test('an error survives in manual mode until it is asked for', () => {
  const { logger, fresh } = lab({ delivery: 'manual', overflow: 'drop-oldest' })
  const fill = logger.wrap((index: number) => index, 'fill')
  crash((fn, name) => logger.wrap(fn, name))()
  for (let index = 0; index < flood; index++) fill(index)
  assert.ok(addsUp(logger.stats()))
  const entries = fresh()
  assert.ok(isWhole(entries))
  const { accepted, delivered, dropped } = logger.stats()
  assert.is(accepted, flood + 3)
  assert.is(delivered, entries.length)
  assert.is(dropped, accepted - delivered)
  assert.equal(fresh(), [], 'nothing comes twice')
})

test('a caller that lived on after an error is kept with it', async () => {
  const { logger, fresh } = lab({ delivery: 'manual' })
  const fails = logger.wrap((): never => {
    throw new Error('caught')
  }, 'fails')
  const sync = logger.wrap((id: number) => (failing(fails), id), 'sync')
  const later = logger.wrap(async (id: number) => {
    failing(fails)
    await null
    return id
  }, 'later')
  const fill = logger.wrap((index: number) => index, 'fill')
  sync(1)
  await later(2)
  for (let index = 0; index < 5000; index++) fill(index)
  const told = fresh().filter(({ functionName }) => functionName !== 'fill')
  assert.equal(
    told.map(({ functionName, args, returnValue }) => [functionName, args[0], returnValue]),
    [
      ['fails', undefined, undefined],
      ['sync', 1, 1],
      ['fails', undefined, undefined],
      ['later', 2, 2]
    ]
  )
})

test('on-error hands over the error with the callers that are still running', () => {
  const { logger, entries, host } = lab({ delivery: 'on-error' })
  const fill = logger.wrap((index: number) => index, 'fill')
  const fails = logger.wrap((): never => {
    throw new Error('within')
  }, 'fails')
  const outer = logger.wrap((name: string) => {
    failing(fails)
    for (let index = 0; index < flood; index++) fill(index)
    return name
  }, 'outer')
  outer('all of it')
  assert.equal(entries, [])
  host.tick()
  const told = entries.filter(({ functionName }) => functionName !== 'fill')
  assert.equal(
    told.map(({ functionName, args }) => [functionName, args[0]]),
    [
      ['fails', undefined],
      ['outer', 'all of it']
    ]
  )
  assert.is(told[0].parentId, told[1].spanId)
  const last = entries.filter(({ functionName }) => functionName === 'fill').at(-1)
  assert.is(last?.returnValue, flood - 1)
})

test('of a flood of errors the newest are kept, and the rest is counted', () => {
  const { logger, fresh } = lab({ delivery: 'manual' })
  const fails = logger.wrap((id: number): never => {
    throw new RangeError(`error ${id}`)
  }, 'fails')
  const total = slow ? 1000 : 5000
  for (let id = 0; id < total; id++) failing(() => fails(id))
  const before = logger.stats()
  assert.ok(addsUp(before) && before.accepted === total)
  const entries = fresh()
  assert.equal(
    entries.map(({ args }) => args[0]),
    Array.from(entries, (_, index) => total - entries.length + index)
  )
  const { delivered, dropped } = logger.stats()
  assert.is(delivered, entries.length)
  assert.is(dropped, total - entries.length)
})

test('a warning goes, an error message stays', () => {
  const { logger, fresh } = lab({ delivery: 'manual' })
  const fill = logger.wrap((index: number) => index, 'fill')
  logger.warn('warned')
  logger.error('failed', { id: 7 })
  logger.fatal('died')
  for (let index = 0; index < 5000; index++) fill(index)
  const told = fresh().filter(({ kind }) => kind === 'message')
  assert.equal(
    told.map(({ args, level, extra }) => [args[0], level, extra]),
    [
      ['failed', 'error', { id: 7 }],
      ['died', 'fatal', {}]
    ]
  )
})

test.run()
