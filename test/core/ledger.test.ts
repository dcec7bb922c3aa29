import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, Sink } from '../../src/core/types.ts'
import { slow } from '../_run/runtime.ts'
import { boom, faulty, soon } from './_faulty.ts'
import { addsUp, lab } from './_lab.ts'

const test = suite('core/ledger')

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
