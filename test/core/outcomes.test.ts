import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { failing, fakeHost, lab } from './_lab.ts'

const test = suite('core/outcomes')

const told = ({ functionName, extra, returnValue, exception }: Entry): unknown[] => [
  functionName,
  extra.outcome,
  extra.yields,
  exception ?? returnValue
]

/** Yields up to a number, and then returns, or throws when there is none. */
function generators(logger: ReturnType<typeof lab>['logger']) {
  const count = logger.wrap(function* (to: number) {
    for (let index = 0; index < to; index++) yield index
    if (to === 0) throw new Error('nothing to count')
    return 'all'
  }, 'count')
  const later = logger.wrap(async function* (to: number) {
    for (let index = 0; index < to; index++) yield index
    if (to === 0) throw new Error('nothing to count')
    return 'all'
  }, 'later')
  return { count, later }
}

test('a generator that comes to its end is done', () => {
  const { logger, fresh } = lab()
  const { count } = generators(logger)
  assert.equal([...count(3)], [0, 1, 2])
  const entries = fresh()
  assert.equal(entries.map(told), [['count', 'done', 3, 'all']])
  assert.equal(entries[0].args, [3])
})

test('one that is left early has returned', () => {
  const { logger, fresh } = lab()
  const { count } = generators(logger)
  for (const _ of count(3)) break
  const unread = count(3)
  unread.return('given')
  const [first] = count(5)
  assert.is(first, 0)
  assert.equal(fresh().map(told), [
    ['count', 'returned', 1, undefined],
    ['count', 'returned', 0, 'given'],
    ['count', 'returned', 1, undefined]
  ])
})

test('one that throws threw, wherever the error came from', () => {
  const { logger, fresh } = lab()
  const { count } = generators(logger)
  failing(() => [...count(0)])
  const run = count(3)
  run.next()
  failing(() => run.throw(new Error('thrown into')))
  const entries = fresh()
  assert.equal(entries.map(told), [
    ['count', 'threw', 0, 'nothing to count'],
    ['count', 'threw', 1, 'thrown into']
  ])
  assert.ok(entries.every(({ level }) => level === 'error'))
})

test('async generators end in the same ways', async () => {
  const { logger, fresh } = lab()
  const { later } = generators(logger)
  for await (const _ of later(2)) {
  }
  for await (const _ of later(2)) break
  await later(0)
    .next()
    .catch(() => {})
  const run = later(2)
  await run.next()
  await run.throw(new Error('thrown into')).catch(() => {})
  assert.equal(fresh().map(told), [
    ['later', 'done', 2, 'all'],
    ['later', 'returned', 1, undefined],
    ['later', 'threw', 0, 'nothing to count'],
    ['later', 'threw', 1, 'thrown into']
  ])
})

test('one that is stepped on is recorded once', () => {
  const { logger, fresh } = lab()
  const { count } = generators(logger)
  const run = count(1)
  run.next()
  run.next()
  run.next()
  run.return('again')
  failing(() => run.throw(new Error('again')))
  assert.equal(fresh().map(told), [['count', 'done', 1, 'all']])
})

test('promises end with their value or their error, and say that they are promises', async () => {
  const { logger, fresh } = lab()
  const load = logger.wrap(async (id: number) => {
    if (id < 0) throw new RangeError(`no ${id}`)
    return { id }
  }, 'load')
  const plain = logger.wrap((id: number) => Promise.resolve(id), 'plain')
  await load(1)
  await load(-1).catch(() => {})
  await plain(2)
  const entries = fresh()
  assert.equal(
    entries.map(({ args, returnValue, exception, exceptionType, level, extra }) => [
      args[0],
      returnValue,
      exception,
      exceptionType,
      level,
      extra.async
    ]),
    [
      [1, { id: 1 }, undefined, undefined, 'debug', true],
      [-1, undefined, 'no -1', 'RangeError', 'error', true],
      [2, 2, undefined, undefined, 'debug', true]
    ]
  )
  assert.is(entries[0].returnType, 'Object')
})

test('a call with new says so', () => {
  const { logger, fresh } = lab()
  const Point = logger.wrap(
    class Point {
      x: number
      constructor(x: number) {
        if (x < 0) throw new Error('outside')
        this.x = x
      }
    }
  )
  new Point(1)
  failing(() => new Point(-1))
  const [made, failed] = fresh()
  assert.is(made.functionName, 'Point')
  assert.equal(made.params, ['x'])
  assert.is(made.extra.constructed, true)
  assert.is(made.returnType, 'Point')
  assert.is(failed.extra.constructed, true)
  assert.is(failed.exception, 'outside')
})

test('times are those of the clock, or unknown where it stands still', () => {
  const { logger, fresh } = lab()
  const spin = logger.wrap((ms: number) => {
    const until = Date.now() + ms
    while (Date.now() < until) {}
  }, 'spin')
  const before = Date.now()
  spin(20)
  const [{ timestamp, durationMs = 0, clock }] = fresh()
  assert.is(clock, 'wall')
  assert.ok(Math.abs(timestamp - before) < 50, `${timestamp - before}`)
  assert.ok(durationMs >= 15 && durationMs < 5000, String(durationMs))
  const frozen = lab({}, fakeHost({ frozenClock: true }))
  const quick = frozen.logger.wrap(() => {}, 'quick')
  for (let index = 0; index < 100; index++) quick()
  for (const entry of frozen.fresh()) assert.is(entry.clock === 'frozen', entry.durationMs === undefined)
})

test.run()
