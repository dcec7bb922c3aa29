import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addsUp, failing, lab } from './_lab.ts'

const test = suite('core/modes')

const ids = (entries: { args: unknown[] }[]): unknown[] => entries.map(({ args }) => args[0])

test('on-error: silent until something fails, then everything', () => {
  const { logger, host, entries } = lab({ delivery: 'on-error' })
  const note = logger.wrap((id: number) => {
    if (id < 0) throw new Error('no')
    return id
  }, 'note')
  for (let id = 0; id < 100; id++) note(id)
  logger.warn('careful')
  host.tick()
  host.exit('exit')
  assert.equal(entries, [])
  failing(() => note(-1))
  assert.equal(entries, [], 'not in the caller’s time')
  host.tick()
  assert.equal(ids(entries), [...Array(100).keys(), 'careful', -1])
  note(1)
  host.tick()
  host.exit('exit')
  assert.is(entries.length, 102, 'silent again')
  logger.error('message')
  host.tick()
  assert.equal(ids(entries.slice(102)), [1, 'message'])
})

test('manual: only when asked', async () => {
  const { logger, host, entries } = lab({ delivery: 'manual' })
  const fail = logger.wrap((_id: number) => {
    throw new Error('no')
  }, 'fail')
  for (let id = 0; id < 3; id++) failing(() => fail(id))
  host.tick()
  host.exit('error')
  assert.equal(entries, [])
  const { accepted, pending } = logger.stats()
  assert.equal([accepted, pending], [3, 3])
  assert.equal(await logger.flush(), { accepted: 3, delivered: 3, dropped: 0, failed: 0, pending: 0 })
  assert.equal(ids(entries), [0, 1, 2])
})

test('the end of the process is heard, and no more once the logger is closed', async () => {
  for (const [delivery, reason, expected] of [
    ['continuous', 'exit', 1],
    ['continuous', 'signal', 1],
    ['continuous', 'hidden', 1],
    ['on-error', 'error', 1],
    ['on-error', 'signal', 0],
    ['manual', 'error', 0]
  ] as const) {
    const { logger, host, entries } = lab({ delivery })
    logger.wrap(() => 1)()
    host.exit(reason)
    assert.is(entries.length, expected, `${delivery} ${reason}`)
  }
  const { logger, host, entries } = lab()
  await logger.close()
  logger.wrap(() => 1)()
  host.exit('exit')
  assert.equal(entries, [])
  const deaf = lab({ exitHooks: false })
  deaf.logger.wrap(() => 1)()
  deaf.host.exit('exit')
  assert.equal(deaf.entries, [])
})

test('without sinks everything stays in the ring, and the ledger knows it', () => {
  const { logger, host } = lab({ sinks: [] })
  const note = logger.wrap((id: number) => id, 'note')
  for (let id = 0; id < 5000; id++) note(id)
  assert.is(host.waiting(), 0)
  const ledger = logger.flushSync()
  assert.ok(addsUp(ledger))
  assert.equal([ledger.accepted, ledger.delivered, ledger.failed], [5000, 0, 0])
  assert.ok(ledger.dropped > 3000 && ledger.pending === logger.dump().length, JSON.stringify(ledger))
})

test.run()
