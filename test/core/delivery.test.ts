import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { addsUp, failing, fakeHost, gathering, lab } from './_lab.ts'

const test = suite('core/delivery')

const ids = (entries: { args: unknown[] }[]): unknown[] => entries.map(({ args }) => args[0])

test('continuous: every burst of calls is delivered by the timer that its first one sets', () => {
  const { logger, host, entries } = lab()
  const note = logger.wrap((id: number) => id, 'note')
  assert.is(host.waiting(), 0)
  for (let round = 0; round < 5; round++) {
    note(round)
    note(round)
    assert.is(host.waiting(), 1)
    assert.is(entries.length, round * 2)
    host.tick()
    assert.is(entries.length, round * 2 + 2)
    assert.is(host.waiting(), 0)
  }
  logger.flushSync()
  note(5)
  assert.is(host.waiting(), 1, 'and after a flush')
})

test('continuous: asks for the interval first, and for a turn when a lot or a failure comes', () => {
  const asked: number[] = []
  const host = fakeHost()
  const { later } = host
  const timed = Object.assign(host, {
    later: (task: () => void, ms: number) => {
      asked.push(ms)
      return later(task, ms)
    }
  })
  const { logger } = lab({ interval: 70 }, timed)
  const note = logger.wrap((id: number) => id, 'note')
  const fail = logger.wrap(() => {
    throw new Error('no')
  }, 'fail')
  note(1)
  assert.equal(asked, [70])
  failing(fail)
  failing(fail)
  assert.equal(asked, [70, 0])
  host.tick()
  note(2)
  assert.equal(asked.slice(2), [70])
  for (let id = 0; id < 700; id++) note(id)
  assert.equal(asked.slice(2), [70, 0])
})

test('continuous: what a call leaves that was running while its callees were drained', () => {
  const { logger, host, entries } = lab()
  const inner = logger.wrap((id: number) => id, 'inner')
  const outer = logger.wrap((id: number) => {
    inner(id)
    logger.flushSync()
    return id
  }, 'outer')
  const alone = logger.wrap(() => void logger.flushSync(), 'alone')
  outer(1)
  host.tick()
  alone()
  host.tick()
  assert.equal(
    entries.map(({ functionName }) => functionName),
    ['inner', 'outer', 'alone']
  )
})

test('block: a loop that never lets a timer fire loses nothing', () => {
  const { logger, host, entries } = lab({ ring: 32_768 })
  const note = logger.wrap((id: number) => id, 'note')
  for (let id = 0; id < 5000; id++) note(id)
  assert.ok(entries.length > 3000)
  host.tick()
  assert.equal(ids(entries), [...Array(5000).keys()])
})

test('where no timer can be set, what can be written at once is', () => {
  const { logger, entries } = lab({}, fakeHost({ later: () => undefined }))
  const note = logger.wrap((id: number) => id, 'note')
  for (let id = 0; id < 3; id++) note(id)
  assert.ok(entries.length >= 2, `${entries.length} of 3`)
  logger.flushSync()
  assert.equal(ids(entries), [0, 1, 2])
})

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

test('entries carry environment and version', () => {
  const { logger, fresh } = lab({ environment: 'test', version: '1.2.3' })
  logger.wrap(() => 1)()
  logger.info('hello')
  for (const { environment, version } of fresh()) assert.equal([environment, version], ['test', '1.2.3'])
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

test('the level can be changed at any time', () => {
  const { logger, fresh } = lab({ level: 'info' })
  const note = logger.wrap((id: number) => id, { level: 'info' })
  note(1)
  logger.level = 'warn'
  note(2)
  logger.info('no')
  logger.warn('yes')
  assert.is(logger.level, 'warn')
  logger.level = 'debug'
  note(3)
  logger.debug('yes too')
  assert.equal(ids(fresh()), [1, 'yes', 3, 'yes too'])
  assert.is(
    (failing(() => (logger.level = 'inof' as 'info')) as Error).message,
    "[nfo] [logger] unknown level 'inof'; did you mean 'info'?"
  )
  assert.is(logger.level, 'debug')
})

test('two sinks get the same entries', () => {
  const [one, other] = [gathering(), gathering()]
  const { logger } = lab({ sinks: [one, other] })
  const note = logger.wrap((id: number) => id, 'note')
  for (let id = 0; id < 50; id++) note(id)
  logger.flushSync()
  assert.is(one.entries.length, 50)
  assert.equal(one.entries, other.entries)
})

test.run()
