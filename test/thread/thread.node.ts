import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipUnless } from '../_run/runtime.ts'
import { starters } from '../runtimes/_children.ts'
import { type Answer, bundle, runApp } from './_children.ts'

/** Entries that a batch of the worker holds at most: 64 KiB of records of five words. */
const BATCH = 2000

const adds = ({ ledgers: [first] }: Answer): boolean =>
  first.accepted === first.delivered + first.dropped + first.failed + first.pending

/** Every entry arrived, once. */
function assertAll({ entries }: Answer, calls: number): void {
  const sequences = new Set(entries.map(([sequence]) => sequence))
  assert.equal([entries.length, sequences.size], [calls, calls])
}

/** All but what the worker held arrived, once, and was counted. */
function assertKilled(answer: Answer, calls: number, reason: RegExp): void {
  const { ledgers, entries, stderr } = answer
  const { accepted, delivered, dropped, failed, pending } = ledgers[ledgers.length - 1]
  assert.equal([accepted, dropped, pending], [calls, 0, 0], stderr)
  assert.ok(failed <= BATCH, `${failed} failed`)
  assert.is(delivered + failed, calls)
  const sequences = new Set(entries.map(([sequence]) => sequence))
  assert.is(sequences.size, entries.length)
  // What was written just before it was killed may not have been counted any more.
  assert.ok(entries.length >= delivered && entries.length <= calls, `${entries.length} of ${delivered}`)
  assert.is(stderr.match(/\[nfo\] \[thread\]/g)?.length, 1, stderr)
  assert.match(stderr, reason)
  assert.match(stderr, 'the main thread writes from here on')
}

for (const name of ['node', 'deno', 'bun']) {
  const test = suite(`thread on ${name}`)
  const installed = skipUnless(test, starters[name][0] !== '', `no ${name}; npm install`)
  let folder = ''
  test.before(async () => {
    folder = await bundle()
  })

  const codes: Record<string, number | null> = { natural: 0, exit: 3, throw: 1, reject: 1, signal: null }
  for (const [ending, code] of Object.entries(codes)) {
    installed(`nothing is lost: ${ending}`, async () => {
      const answer = await runApp(name, folder, { ending })
      assert.equal([answer.code, answer.signal], [code, code === null ? 'SIGTERM' : null], answer.stderr)
      assertAll(answer, 20_000)
      assert.ok(
        answer.entries.every(([, , , , , onMain]) => !onMain),
        'the worker wrote'
      )
      if (answer.ledgers[0]) assert.ok(adds(answer))
    })
  }

  installed('flush waits for the worker; numbers come back, also of each sink', async () => {
    const { ledgers, entries, stderr } = await runApp(name, folder, { ending: 'flush', calls: 2000 })
    assert.is(stderr, '')
    assert.equal(ledgers[0], { accepted: 20_001, delivered: 20_001, dropped: 0, failed: 0, pending: 0 })
    assert.equal(ledgers[1].sinks, [ledgers[0]])
    assert.is(entries.length, 20_001)
    // Its beginning was taken in one batch, its end in another one.
    assert.is(entries.find(([, called]) => called === 'outer')?.[2], 2)
  })

  for (const how of ['exit', 'throw']) {
    installed(`a module that ends its worker: ${how}`, async () => {
      const answer = await runApp(name, folder, { ending: 'flush', calls: 2000, how })
      assertKilled(answer, 20_001, how === 'exit' ? /ended by itself/ : /thrown later|ended by itself/)
      // It was open while the worker ended.
      assert.equal(
        answer.entries.filter(([, called]) => called === 'outer').map(([, , count]) => count),
        [2]
      )
    })
  }

  installed('a module that ends its worker while the process ends', async () => {
    const answer = await runApp(name, folder, { ending: 'natural', calls: 20_000, how: 'exit' })
    assertKilled(answer, 20_000, /ended by itself/)
  })

  installed('a worker that is terminated', async () => {
    const answer = await runApp(name, folder, { ending: 'terminate' })
    assertKilled(answer, 40_001, /ended/)
    assert.equal(
      answer.entries.filter(([, called]) => called === 'outer').map(([, , count]) => count),
      [2]
    )
  })

  installed('a worker that hangs is given up', async () => {
    const options = { ring: 65_536, thread: { module: `${folder}/sinks.mjs`, patience: 300 } }
    const answer = await runApp(name, folder, { ending: 'natural', how: 'loop', options })
    assertKilled(answer, 20_000, /got nothing done for 300 ms/)
  })

  installed('a full ring waits for a slow worker', async () => {
    const options = { ring: 32_768, thread: { module: `${folder}/sinks.mjs` } }
    const answer = await runApp(name, folder, { ending: 'natural', calls: 10_000, how: 'slow', options, after: 0 })
    assert.is(answer.stderr, '')
    assertAll(answer, 10_000)
  })

  test.run()
}
