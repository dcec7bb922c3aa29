import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Sink } from '../../src/core/types.ts'
import { slow } from '../_run/runtime.ts'
import { faulty, soon } from './_faulty.ts'
import { addsUp, gathering, lab } from './_lab.ts'

const test = suite('core/isolation')

for (const [name, make] of Object.entries(faulty)) {
  test(`a sink that ${name} harms neither the caller nor the other sinks`, async () => {
    const good = gathering()
    const { logger, host } = lab({ sinks: [make(), good, make()], overflow: 'block' })
    const double = logger.wrap((id: number) => id * 2, 'double')
    const total = slow ? 200 : 1000
    for (let id = 0; id < total; id++) {
      assert.is(double(id), id * 2)
      if (id % 37 === 0) host.tick()
      if (id % 111 === 0) await soon()
      const { sinks, ...ledger } = logger.stats()
      if (!addsUp(ledger) || !sinks.every(addsUp)) throw new Error(JSON.stringify([ledger, sinks]))
    }
    const settled = await logger.flush({ timeoutMs: name === 'hangs' ? 20 : 2000 })
    assert.equal(
      good.entries.map(({ args }) => args[0]),
      [...Array(total).keys()]
    )
    assert.ok(addsUp(settled))
    assert.is(settled.accepted, total)
    assert.is(settled.pending > 0, name === 'hangs', JSON.stringify(settled))
    const { sinks } = logger.stats()
    assert.equal(sinks[1], { accepted: total, delivered: total, dropped: 0, failed: 0, pending: 0 })
    if (name === 'throws' || name === 'rejects') assert.is(settled.failed, total)
    if (name === 'slow') assert.is(settled.delivered, total)
    await logger.close({ timeoutMs: 20 })
  })
}

test('what one sink did not take has failed, wherever that sink stands', () => {
  for (const sinks of [
    [faulty.throws(), gathering()],
    [gathering(), faulty.throws()]
  ]) {
    const { logger } = lab({ sinks })
    logger.wrap(() => 1)()
    const { delivered, failed } = logger.flushSync()
    assert.equal([delivered, failed], [0, 1])
  }
})

test('a failing sink is reported once a row of failures', () => {
  let works = false
  const sink: Sink = {
    write() {
      if (!works) throw new Error('disk full')
    }
  }
  const { logger, host } = lab({ sinks: [gathering(), sink] })
  const note = logger.wrap(() => 1)
  const rounds = (count: number): void => {
    for (let round = 0; round < count; round++) {
      note()
      host.tick()
    }
  }
  rounds(5)
  const line = '[nfo] [sink 2 of 2] disk full; what it does not take is counted as failed'
  assert.equal(host.lines, [line])
  works = true
  rounds(2)
  works = false
  rounds(3)
  assert.equal(host.lines, [line, line])
  const { failed, delivered } = logger.stats()
  assert.equal([failed, delivered], [8, 2])
})

test('a slow sink gets its next batch when it has answered', async () => {
  let inside = 0
  const batches: number[] = []
  const sink: Sink = {
    async write(entries) {
      assert.is(++inside, 1)
      batches.push(entries.length)
      await soon()
      inside--
    }
  }
  const { logger, host } = lab({ sinks: [sink] })
  const note = logger.wrap((id: number) => id, 'note')
  for (let id = 0; id < 20; id++) {
    note(id)
    host.tick()
  }
  await logger.flush()
  assert.is(
    batches.reduce((sum, length) => sum + length, 0),
    20
  )
})

test.run()
