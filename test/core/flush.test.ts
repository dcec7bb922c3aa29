import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/core/logger.ts'
import type { Sink } from '../../src/core/types.ts'
import { addsUp, fakeHost, gathering, lab } from './_lab.ts'

const test = suite('core/flush')

test('flush settles in time though a sink hangs in write, in flush or in close', async () => {
  const never = (): Promise<void> => new Promise(() => {})
  for (const what of ['write', 'flush', 'close'] as const) {
    const good = gathering()
    const sink: Sink = { write() {}, [what]: never }
    const { logger } = lab({ sinks: [sink, good] })
    logger.wrap(() => 1)()
    const began = Date.now()
    const ledger = await logger.flush({ timeoutMs: 30 })
    await logger.close({ timeoutMs: 30 })
    assert.ok(Date.now() - began < 2000, what)
    assert.is(ledger.pending, what === 'write' ? 1 : 0)
    assert.ok(addsUp(ledger))
    assert.is(good.entries.length, 1)
  }
})

test('flush waits for what is on its way, and flushes each sink after its entries', async () => {
  const log: string[] = []
  const sink = (name: string): Sink => ({
    async write(entries) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      log.push(`${name} wrote ${entries.length}`)
    },
    flush: () => void log.push(`${name} flushed`)
  })
  const { logger, host } = lab({ sinks: [sink('a'), sink('b')] })
  const note = logger.wrap(() => 1)
  note()
  host.tick()
  note()
  const { delivered, pending } = await logger.flush()
  assert.equal([delivered, pending], [2, 0])
  for (const name of ['a', 'b']) {
    assert.equal(
      log.filter((line) => line.startsWith(name)),
      [`${name} wrote 1`, `${name} wrote 1`, `${name} flushed`]
    )
  }
})

test('close flushes, closes each sink once and lets go of the timer', async () => {
  const log: string[] = []
  const sink: Sink = { ...gathering(), flush: () => void log.push('flush'), close: () => void log.push('close') }
  const { logger, host } = lab({ sinks: [sink] })
  logger.wrap(() => 1)()
  const [first, second] = [logger.close(), logger.close()]
  assert.equal(await first, { accepted: 1, delivered: 1, dropped: 0, failed: 0, pending: 0 })
  assert.equal(await second, await first)
  assert.equal(await logger.close(), await first)
  assert.equal(log, ['flush', 'close'])
  assert.is(host.waiting(), 0)
})

test('await using closes', async () => {
  const log: string[] = []
  const sink: Sink = { ...gathering(), close: () => void log.push('close') }
  {
    await using logger = createLogger({ sinks: [sink] }, fakeHost())
    logger.info('inside')
  }
  assert.equal(log, ['close'])
})

test('what is recorded after close stays in the ring', async () => {
  const closed: unknown[] = []
  const sink = gathering()
  const { logger, host } = lab({ sinks: [{ ...sink, close: () => void closed.push(1) }] })
  const note = logger.wrap((id: number) => id, 'note')
  note(1)
  await logger.close()
  assert.is(note(2), 2)
  logger.error('late')
  host.tick()
  logger.flushSync()
  await logger.flush()
  assert.equal(
    sink.entries.map(({ args }) => args[0]),
    [1]
  )
  assert.equal(
    logger.dump().map(({ args }) => args[0]),
    [1, 2, 'late']
  )
  assert.ok(addsUp(logger.stats()))
  for (let id = 0; id < 5000; id++) note(id)
  assert.ok(addsUp(logger.stats()))
})

test('flush never rejects', async () => {
  const boom = (): never => {
    throw new Error('boom')
  }
  const { logger } = lab({ sinks: [{ write: boom, flush: boom, flushSync: boom, close: boom }] })
  logger.wrap(() => 1)()
  assert.is((await logger.flush()).failed, 1)
  logger.wrap(() => 1)()
  assert.is(logger.flushSync().failed, 2)
  assert.is((await logger.close()).failed, 2)
})

test.run()
