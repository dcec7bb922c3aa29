import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, Sink } from '../../src/core/types.ts'
import { slow } from '../_run/runtime.ts'
import { addsUp, gathering, lab } from './_lab.ts'

const test = suite('core/isolation')

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
const boom = new Error('boom')

/** Sinks that do not do what they should. */
const faulty: Record<string, () => Sink> = {
  throws: () => ({
    write() {
      throw boom
    }
  }),
  rejects: () => ({ write: () => Promise.reject(boom) }),
  hangs: () => ({ write: () => new Promise(() => {}) }),
  slow: () => ({ write: soon }),
  'comes back': () => {
    let round = 0
    return {
      write() {
        if (round++ % 3) throw boom
      }
    }
  },
  'fails in flush': () => ({
    write() {},
    flush: () => Promise.reject(boom),
    flushSync() {
      throw boom
    },
    close() {
      throw boom
    }
  }),
  'gives what is no promise': () => ({ write: () => ({ then: 7 }) as unknown as Promise<void> }),
  'gives a lazy thenable': () => ({
    write: () => ({ then: (done: () => void) => setTimeout(done, 1) }) as unknown as Promise<void>
  })
}

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

test('the oldest of what waits for a slow sink is dropped beyond its queue', async () => {
  let release = (): void => {}
  const got: Entry[] = []
  const slowSink: Sink = {
    write: (entries) => {
      got.push(...entries)
      return new Promise((resolve) => {
        release = resolve
      })
    }
  }
  const { logger, host } = lab({ sinks: [slowSink], queue: 30 })
  const note = logger.wrap((id: number) => id, 'note')
  for (let id = 0; id < 100; id++) {
    note(id)
    if (id % 10 === 9) host.tick()
  }
  assert.equal(logger.stats(), {
    ...{ accepted: 100, delivered: 0, dropped: 60, failed: 0, pending: 40 },
    sinks: [{ accepted: 100, delivered: 0, dropped: 60, failed: 0, pending: 40 }]
  })
  for (let round = 0; round < 5; round++) {
    release()
    await soon()
  }
  assert.equal(
    got.map(({ args }) => args[0]),
    [...Array(10).keys(), ...Array.from({ length: 30 }, (_, id) => 70 + id)]
  )
  assert.equal([logger.stats().delivered, logger.stats().pending], [40, 0])
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

test('the ledger adds up at every moment, whatever happens', async () => {
  const acts = fc.array(fc.constantFrom('call', 'fail', 'many', 'tick', 'wait', 'flushSync', 'message', 'exit'), {
    maxLength: 40
  })
  const kinds = fc.array(fc.constantFrom(...Object.keys(faulty)), { minLength: 1, maxLength: 3 })
  const policies = fc.constantFrom(undefined, 'block' as const, 'drop-oldest' as const, 'drop-newest' as const)
  await fc.assert(
    fc.asyncProperty(acts, kinds, policies, async (list, names, overflow) => {
      const sinks = names.map((name) => faulty[name]())
      const { logger, host } = lab({ sinks, overflow, ring: 32_768, queue: 100 })
      const call = logger.wrap((fails: boolean) => {
        if (fails) throw boom
      }, 'call')
      const doing: Record<string, () => unknown> = {
        call: () => call(false),
        fail: () => {
          try {
            call(true)
          } catch {}
        },
        many: () => Array.from({ length: 300 }, () => call(false)),
        message: () => logger.error('no'),
        tick: () => host.tick(),
        wait: soon,
        flushSync: () => logger.flushSync(),
        exit: () => host.exit('exit')
      }
      for (const act of list) {
        await doing[act]()
        const { sinks: each, ...ledger } = logger.stats()
        if (!addsUp(ledger) || !each.every(addsUp)) return false
      }
      return addsUp(await logger.close({ timeoutMs: 10 }))
    }),
    { numRuns: slow ? 8 : 60 }
  )
})

test.run()
