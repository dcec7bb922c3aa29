import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/core/logger.ts'
import { Recorder } from '../../src/core/ring.ts'
import { wrap } from '../../src/core/wrap.ts'
import { failing, fakeHost, gathering } from './_lab.ts'

const test = suite('core/resize')

/** A recorder with finished, failed and open calls, and what ends the open ones. */
function inUse(size: number): { ring: Recorder; end(): Promise<unknown>; ended: string[] } {
  const ring = new Recorder(size)
  const logger = { recorder: ring }
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const wait = wrap(
    async (name: string) => {
      await gate
      return name
    },
    { name: 'wait', logger }
  )
  const fail = wrap(
    (name: string) => {
      throw new Error(name)
    },
    { name: 'fail', logger }
  )
  const fill = wrap((name: string) => name, { name: 'fill', logger })
  const waiting = [wait('old')]
  failing(() => fail('old'))
  for (let index = 0; index < 3000; index++) fill(`fill ${index}`)
  failing(() => fail('new'))
  waiting.push(wait('new'))
  const ended = ['fail old', 'fail new', 'fill fill 2999', 'wait new', 'wait old']
  return {
    ring,
    ended,
    end() {
      release()
      return Promise.all(waiting)
    }
  }
}

for (const [name, from, to, open] of [
  ['larger', 32_768, 131_072, ['old', 'new']],
  ['smaller', 131_072, 32_768, ['new']]
] as const) {
  test(`a ring made ${name} keeps its newest records, finished and open`, async () => {
    const { ring, end, ended } = inUse(from)
    const sink = gathering()
    const logger = createLogger({ sinks: [sink], ring: to }, fakeHost(), ring)
    assert.is(ring.size, to)
    assert.equal(
      logger
        .dump()
        .filter((entry) => entry.open)
        .map(({ args }) => args[0]),
      open
    )
    await end()
    logger.flushSync()
    const told = sink.entries.map(({ functionName, args }) => `${functionName} ${args[0]}`)
    const kept = open.length === 2 ? ended : ended.filter((entry) => !entry.endsWith('old'))
    for (const entry of kept) assert.is(told.filter((other) => other === entry).length, 1, entry)
    const { accepted, delivered, dropped, failed, pending } = logger.stats()
    assert.is(accepted, delivered + dropped + failed + pending)
    assert.is(pending, 0)
    assert.is(delivered, sink.entries.length)
  })
}

test('a ring that is resized while a call runs', () => {
  const ring = new Recorder(32_768)
  const sink = gathering()
  const logger = { recorder: ring }
  const inner = wrap((text: string) => text, { name: 'inner', logger })
  const outer = wrap(
    (text: string) => {
      inner('before')
      createLogger({ sinks: [sink], ring: 65_536 }, fakeHost(), ring)
      inner('after')
      return text
    },
    { name: 'outer', logger }
  )
  assert.is(outer('outer'), 'outer')
  const last = createLogger({ sinks: [sink], ring: 65_536 }, fakeHost(), ring)
  last.flushSync()
  assert.equal(
    sink.entries.map(({ args, parentId }) => [args[0], parentId]),
    [
      ['before', 1],
      ['after', 1],
      ['outer', 0]
    ]
  )
})

test.run()
