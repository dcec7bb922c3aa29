import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { consoleSink } from '../../src/sinks/console.ts'
import { same } from '../formats/_entry.ts'
import { printed } from '../sinks/_runtime.ts'
import { addsUp, failing, lab } from './_lab.ts'

const test = suite('core/re-entrancy')

test('a sink may call what is wrapped, log and flush: none of it is recorded', () => {
  const got: Entry[] = []
  let depth = 0
  const { logger, host } = lab({
    sinks: [
      {
        write(entries) {
          assert.is(++depth, 1, 'no write within a write')
          got.push(...entries)
          assert.is(helper(1), 2)
          logger.info('from the sink')
          logger.flushSync()
          failing(() => helper(-1))
          depth--
        },
        flushSync() {
          helper(1)
        }
      }
    ]
  })
  const helper = logger.wrap((id: number) => {
    if (id < 0) throw new Error('no')
    return id + 1
  }, 'helper')
  for (let id = 0; id < 5000; id++) helper(id)
  for (let round = 0; round < 3; round++) host.tick()
  logger.flushSync()
  assert.equal(
    got.map(({ args }) => args[0]),
    [...Array(5000).keys()]
  )
  const ledger = logger.stats()
  assert.ok(addsUp(ledger))
  assert.equal([ledger.accepted, ledger.pending], [5000, 0])
})

test('a getter may call what is wrapped, log, dump and flush', () => {
  const { logger, fresh, entries } = lab()
  const helper = logger.wrap((id: number) => id + 1, 'helper')
  const take = logger.wrap((_first: object, second: number) => ({ second }), 'take')
  const busy = (act: () => unknown): object => ({
    before: 'a',
    get act() {
      act()
      helper(1)
      logger.error('from a getter')
      return helper(2)
    },
    after: 'b'
  })
  for (const act of [() => {}, () => logger.flushSync(), () => logger.dump(), () => logger.flush(), () => helper(9)]) {
    helper(0)
    assert.equal(take(busy(act), 7), { second: 7 })
    helper(3)
    logger.flushSync()
    const told = entries.splice(0).map(({ functionName, args, returnValue }) => [functionName, args, returnValue])
    const expected = [
      ['helper', [0], 1],
      ['take', [{ before: 'a', act: 3, after: 'b' }, 7], { second: 7 }],
      ['helper', [3], 4]
    ]
    assert.ok(same(told, expected), JSON.stringify(told))
  }
  assert.equal(fresh(), [])
  assert.ok(addsUp(logger.stats()))
})

test('a getter in a result, in an error and in fields, too', async () => {
  const { logger, fresh } = lab()
  const helper = logger.wrap((id: number) => id + 1, 'helper')
  const busy = () => ({
    get act() {
      logger.flushSync()
      return helper(1)
    }
  })
  const give = logger.wrap(() => busy(), 'give')
  const later = logger.wrap(async () => busy(), 'later')
  const fail = logger.wrap((): never => {
    throw Object.defineProperty(new Error('no'), 'more', { get: () => busy().act, enumerable: true })
  }, 'fail')
  give()
  await later()
  failing(fail)
  logger.info('fields', busy())
  helper(5)
  const told = fresh()
  assert.equal(
    told.map(({ functionName, args }) => functionName || args[0]),
    ['give', 'later', 'fail', 'fields', 'helper']
  )
  assert.equal(told[0].returnValue, { act: 2 })
  assert.equal(told[1].returnValue, { act: 2 })
  assert.equal(told[2].extra.error, { more: 2 })
  assert.equal(told[3].extra, { act: 2 })
})

test('a wrapped console.log under a console sink prints each entry once', async () => {
  const lines: string[] = []
  const { log } = console
  const shown = await printed({}, () => {
    const { logger, host } = lab({ sinks: [consoleSink({ format: 'json' })] })
    console.log = logger.wrap((line: string) => void lines.push(line), 'log')
    try {
      console.log('from the app')
      for (let round = 0; round < 3; round++) host.tick()
      logger.flushSync()
    } finally {
      console.log = log
    }
  })
  assert.equal(lines, ['from the app'])
  assert.is(shown.length, 1)
  assert.match(shown[0], /^stdout: .*from the app/)
})

test('what the recorder itself uses may be wrapped', () => {
  const { logger, fresh } = lab()
  const originals = { now: performance.now, date: Date.now, random: Math.random, is: Array.isArray }
  performance.now = logger.wrap(originals.now.bind(performance), 'now')
  Date.now = logger.wrap(originals.date, 'date')
  Math.random = logger.wrap(originals.random, 'random')
  Array.isArray = logger.wrap(originals.is, 'is') as typeof Array.isArray
  try {
    const half = logger.wrap((list: number[]) => list, { name: 'half', sample: 0.5 })
    for (let id = 0; id < 100; id++) half([id])
    Date.now()
  } finally {
    performance.now = originals.now
    Date.now = originals.date
    Math.random = originals.random
    Array.isArray = originals.is
  }
  const told = fresh().map(({ functionName }) => functionName)
  assert.is(told.at(-1), 'date')
  assert.equal([...new Set(told)], ['half', 'date'])
})

test.run()
