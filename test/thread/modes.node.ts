import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openStore } from '../../src/store/index.ts'
import { scratch } from '../_run/runtime.ts'
import { bundle, runApp } from './_children.ts'

const test = suite('thread: modes')
let folder = ''
let module = ''
test.before(async () => {
  folder = await bundle()
  module = `${folder}/sinks.mjs`
})

test('out of memory in the worker leaves the app alone', async () => {
  const request = { ending: 'flush', calls: 2000, how: 'memory', flags: ['--max-old-space-size=96'] }
  const { code, ledgers, stderr } = await runApp('node', folder, request)
  assert.is(code, 0, stderr)
  assert.match(stderr, /memory/)
  assert.is(ledgers[0].delivered + ledgers[0].failed, 20_001)
})

test('stages, the environment and the version reach the worker', async () => {
  const options = { environment: 'test', thread: { module } }
  const { entries } = await runApp('node', folder, { ending: 'natural', calls: 10, options })
  assert.equal(
    entries.map(([, , , environment, extra]) => [environment, extra.marked]),
    Array(10).fill(['test', true])
  )
})

test('setLevel reaches the worker', async () => {
  const { entries, ledgers } = await runApp('node', folder, { ending: 'levels' })
  assert.equal(
    entries.map(([, name]) => name),
    ['add']
  )
  assert.is(ledgers[0].delivered, 2)
})

test('on-error is silent until a failure, and then gives what is held, parents and arguments too', async () => {
  const options = { delivery: 'on-error' as const, ring: 65_536, thread: { module } }
  const { entries, ledgers } = await runApp('node', folder, { ending: 'failure', calls: 5000, options })
  assert.is(ledgers[0].delivered, 0)
  const { accepted, delivered, dropped, failed, pending } = ledgers[1]
  assert.equal([accepted, failed, pending], [5001, 0, 0])
  assert.ok(delivered > 300 && dropped > 3000, `${delivered} ${dropped}`)
  assert.is(entries.length, delivered)
  assert.equal(entries.at(-1)?.slice(1, 3), ['fail', 1])
})

for (const delivery of ['on-error', 'manual'] as const) {
  test(`${delivery} keeps the arguments of a call that began long before`, async () => {
    const options = { delivery, ring: 32_768, thread: { module } }
    const { entries, ledgers } = await runApp('node', folder, { ending: 'parent', calls: 5000, options })
    const { accepted, delivered, dropped, pending } = ledgers[0]
    assert.equal([accepted, delivered + dropped, pending], [5002, 5002, 0])
    assert.is(entries.length, delivered)
    assert.equal(
      entries.filter(([, name]) => name === 'parent').map((entry) => [entry[2], entry[4].argsLost]),
      [[2, undefined]]
    )
  })
}

test('without sinks there is no worker', async () => {
  const { code, ledgers, stderr } = await runApp('node', folder, { ending: 'natural', calls: 100, options: {} })
  assert.equal([code, stderr], [0, ''])
  assert.equal([ledgers[0].accepted, ledgers[0].pending], [100, 100])
})

test('manual delivers when flush is called', async () => {
  const options = { delivery: 'manual' as const, thread: { module } }
  const { entries, ledgers } = await runApp('node', folder, { ending: 'failure', calls: 100, options })
  assert.is(ledgers[0].delivered, 0)
  assert.is(ledgers[1].delivered, 101)
  assert.is(entries.length, 101)
})

for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
  test(`${overflow} does not wait, and counts`, async () => {
    const options = { ring: 32_768, overflow, thread: { module } }
    const { entries, ledgers } = await runApp('node', folder, { ending: 'natural', how: 'slow', after: 0, options })
    const { accepted, delivered, dropped, failed, pending } = ledgers[0]
    assert.equal([accepted, failed, pending], [20_000, 0, 0])
    assert.ok(dropped > 1000, `${dropped} dropped`)
    assert.is(delivered + dropped, 20_000)
    assert.is(entries.length, delivered)
    const sequences = entries.map(([sequence]) => sequence)
    assert.is(new Set(sequences).size, delivered)
    if (overflow === 'drop-oldest') assert.is(Math.max(...sequences), 20_000)
    else assert.is(Math.min(...sequences), 1)
  })
}

test('a sink that never answers ends neither the app nor the worker', async () => {
  const options = { thread: { module, patience: 300 } }
  const request = { ending: 'natural', calls: 5000, how: 'never', options }
  const { code, ledgers, stderr } = await runApp('node', folder, request)
  assert.equal([code, stderr], [0, ''])
  assert.equal([ledgers[0].accepted, ledgers[0].failed], [5000, 0])
})

test('close delivers all, and lets go', async () => {
  const { code, ledgers, entries, stderr } = await runApp('node', folder, { ending: 'close' })
  assert.equal([code, stderr], [0, ''])
  assert.equal(ledgers[0], { accepted: 20_000, delivered: 20_000, dropped: 0, failed: 0, pending: 0 })
  assert.is(entries.length, 20_000)
  // What comes later stays in the ring.
  assert.equal([ledgers[1].accepted, ledgers[1].pending], [20_001, 1])
})

test('one worker takes over from another, also with another ring', async () => {
  const { entries, stderr } = await runApp('node', folder, { ending: 'again', calls: 5000 })
  assert.is(stderr, '')
  assert.equal([entries.length, new Set(entries.map(([sequence]) => sequence)).size], [15_000, 15_000])
})

test('dump shows what the ring holds, delivered or not', async () => {
  const { ledgers } = await runApp('node', folder, { ending: 'dump', calls: 1000 })
  assert.is(ledgers[0].delivered, 1000)
  assert.equal(ledgers[1], [true, [999, 7]] as never)
})

test('a record file follows the same ring', async () => {
  const path = scratch('app.nfo')
  const options = { record: { path, size: 4_194_304 }, thread: { module } }
  const { entries, stderr } = await runApp('node', folder, { ending: 'natural', calls: 5000, options })
  assert.is(stderr, '')
  assert.is(entries.length, 5000)
  const store = await openStore(path)
  let recorded = 0
  for await (const { functionName } of store.query({})) recorded += +(functionName === 'add')
  await store.close()
  assert.is(recorded, 5000)
})

test('a database is written by the worker, and after its end by the main thread', async () => {
  const path = scratch('app.db')
  const options = { sinks: [`sqlite:${path}`], thread: { module, patience: 2000 } }
  const request = { ending: 'flush', calls: 2000, how: 'exit', options }
  const { ledgers, entries, stderr } = await runApp('node', folder, request)
  assert.match(stderr, 'ended by itself')
  const { accepted, failed, pending, delivered } = ledgers[0]
  assert.equal([accepted, pending], [20_001, 0], stderr)
  assert.ok(failed <= 2000, `${failed} failed: ${stderr}`)
  assert.ok(entries.length >= delivered)
  const store = await openStore(path)
  const sequences = new Set<number>()
  for await (const { sequence } of store.query({})) sequences.add(sequence)
  await store.close()
  assert.ok(sequences.size >= delivered, `${sequences.size} rows of ${delivered}`)
})

test('no code for the worker is one line, and the main thread writes', async () => {
  const options = { thread: { module, url: `${folder}/nowhere.mjs` } }
  const { code, entries, ledgers, stderr } = await runApp('node', folder, { ending: 'flush', calls: 100, options })
  assert.is(code, 0)
  assert.match(stderr, /^\[nfo\] \[thread\] the worker ended: Cannot find module .*nowhere\.mjs.*\n$/)
  assert.equal([entries.length, ledgers[0].failed, ledgers[0].delivered], [1001, 0, 1001])
})

test.run()
