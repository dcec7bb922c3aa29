import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { failing, fakeHost, gathering, lab } from './_lab.ts'

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

test('entries carry environment and version', () => {
  const { logger, fresh } = lab({ environment: 'test', version: '1.2.3' })
  logger.wrap(() => 1)()
  logger.info('hello')
  for (const { environment, version } of fresh()) assert.equal([environment, version], ['test', '1.2.3'])
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
