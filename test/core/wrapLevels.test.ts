import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { failing, lab } from './_lab.ts'

const test = suite('core/wrap levels')

test('a call has its level, and one that fails is an error', async () => {
  const { logger, fresh } = lab()
  const call = (fails: boolean): number => {
    if (fails) throw new Error('no')
    return 1
  }
  for (const level of ['debug', 'info', 'warn', 'error', 'fatal'] as const) {
    const wrapped = logger.wrap((fails: boolean) => call(fails), { level })
    const later = logger.wrap(async (fails: boolean) => call(fails), { level })
    wrapped(false)
    failing(() => wrapped(true))
    await later(false)
    await later(true).catch(() => {})
    assert.equal(
      fresh().map((entry) => entry.level),
      [level, 'error', level, 'error']
    )
  }
})

test('a call below the level is not recorded, but its failure is', async () => {
  const { logger, fresh } = lab({ level: 'warn' })
  const boom = new Error('boom')
  const fail = logger.wrap(
    (id: number, _text: string): number => {
      if (id < 0) throw boom
      return id
    },
    { name: 'fail', level: 'info' }
  )
  const reject = logger.wrap(async (id: number) => {
    await null
    return fail(id, 'inner')
  }, 'reject')
  const plain = logger.wrap((id: number) => (id < 0 ? Promise.reject(boom) : Promise.resolve(id)), 'plain')
  assert.is(fail(1, 'a'), 1)
  assert.is(await reject(2), 2)
  assert.is(await plain(3), 3)
  assert.equal(fresh(), [])
  assert.is(
    failing(() => fail(-1, 'b')),
    boom
  )
  assert.is(await reject(-2).catch((error) => error), boom)
  assert.is(await plain(-3).catch((error) => error), boom)
  const entries = fresh()
  assert.equal(
    entries.map(({ functionName, args }) => [functionName, ...args]),
    [
      ['fail', -1, 'b'],
      ['fail', -2, 'inner'],
      ['reject', -2],
      ['plain', -3]
    ]
  )
  for (const { level, exception, durationMs } of entries)
    assert.equal([level, exception, durationMs], ['error', 'boom', undefined])
})

test('at level fatal only messages are left', () => {
  const { logger, fresh } = lab({ level: 'fatal' })
  failing(
    logger.wrap(() => {
      throw new Error('no')
    })
  )
  logger.error('error')
  logger.fatal('fatal')
  assert.equal(
    fresh().map(({ args }) => args[0]),
    ['fatal']
  )
})

test('sample records a share of the calls, and every failure', async () => {
  const { logger, fresh } = lab()
  const make = (sample: number) => ({
    sync: logger.wrap(
      (id: number) => {
        if (id < 0) throw new Error('no')
        return id
      },
      { sample }
    ),
    later: logger.wrap(
      async (id: number) => {
        if (id < 0) throw new Error('no')
        return id
      },
      { sample }
    )
  })
  for (const [sample, least, most] of [
    [0, 0, 0],
    [0.5, 800, 1200],
    [0.1, 100, 320],
    [1, 2000, 2000]
  ]) {
    const { sync, later } = make(sample)
    for (let id = 0; id < 2000; id++) assert.is(sync(id), id)
    const { length } = fresh()
    assert.ok(length >= least && length <= most, `${length} of 2000 at ${sample}`)
    for (let id = 1; id <= 50; id++) {
      failing(() => sync(-id))
      await later(-id).catch(() => {})
    }
    const failures = fresh()
    assert.is(failures.length, 100)
    assert.ok(failures.every(({ exception, args }) => exception === 'no' && (args[0] as number) < 0))
  }
})

test.run()
