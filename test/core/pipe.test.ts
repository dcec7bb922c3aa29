import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pipe, tee } from '../../src/core/pipe.ts'
import type { Entry, Sink, Stage } from '../../src/core/types.ts'
import { entry } from '../formats/_entry.ts'

const test = suite('core/pipe')
const batch = [entry({ sequence: 1 }), entry({ sequence: 2 })]

interface Probe extends Sink {
  calls: string[]
}

/** Notes in `calls` what reached it, as `name:what`; `how` says whether it answers at once, later, or not well. */
function probe(name: string, calls: string[], how: 'sync' | 'async' | 'throws' | 'rejects' = 'sync'): Probe {
  const act = (what: string): void | Promise<void> => {
    calls.push(`${name}:${what}`)
    if (how === 'throws') throw new Error(name)
    if (how === 'rejects') return Promise.reject(new Error(name))
    if (how === 'async') return Promise.resolve().then(() => void calls.push(`${name}:${what}ed`))
  }
  return {
    calls,
    write: (entries: readonly Entry[]) => act(`write${entries.length}`),
    flush: () => act('flush'),
    flushSync: () => void act('flushSync'),
    close: () => act('close')
  }
}

const halve: Stage = (next) => ({ write: (entries) => next.write(entries.slice(entries.length / 2)) })

/** Holds entries back until a flush, and hands flush and close on, as a stage that is used without a pipe must. */
const hold: Stage = (next) => {
  const held: Entry[] = []
  return {
    write: (entries) => void held.push(...entries),
    flush: () => {
      next.write(held.splice(0))
      return next.flush?.()
    },
    flushSync: () => {
      void next.write(held.splice(0))
      next.flushSync?.()
    },
    close: () => next.close?.()
  }
}

test('passes a batch through taps and stages from left to right', () => {
  const calls: string[] = []
  const sink = pipe(probe('tap', calls), halve, probe('middle', calls), halve, probe('end', calls))
  assert.is(sink.write([...batch, ...batch]), undefined)
  assert.equal(calls, ['tap:write4', 'middle:write2', 'end:write1'])
})

test('reaches every part once with flush, flushSync and close', () => {
  for (const what of ['flush', 'flushSync', 'close'] as const) {
    const calls: string[] = []
    const stages: Stage[] = [(next) => ({ ...probe('stage', calls), write: next.write }), hold, halve]
    const sink = pipe(probe('tap', calls), ...stages, probe('end', calls))
    assert.is(sink[what]?.(), undefined)
    assert.equal(
      calls.filter((call) => call.endsWith(`:${what}`)),
      [`tap:${what}`, `stage:${what}`, `end:${what}`]
    )
  }
})

test('flushes a stage before what follows it', async () => {
  const calls: string[] = []
  const sink = pipe(hold, probe('end', calls))
  sink.write(batch)
  assert.equal(calls, [])
  sink.flush?.()
  assert.equal(calls, ['end:write2', 'end:flush'])
  const later: Stage = (next) => ({
    write: next.write,
    flush: async () => {
      await null
      calls.push('stage:flushed')
    }
  })
  calls.length = 0
  await pipe(later, probe('end', calls)).flush?.()
  assert.equal(calls, ['stage:flushed', 'end:flush'])
})

test('a tap that fails still passes on, and its error comes out after', async () => {
  const calls: string[] = []
  assert.throws(() => pipe(probe('tap', calls, 'throws'), probe('end', calls)).write(batch), /^tap$/)
  assert.equal(calls, ['tap:write2', 'end:write2'])
  const rejecting = pipe(probe('tap', calls, 'rejects'), probe('end', calls, 'async')).write(batch)
  assert.is(await rejecting?.catch((error) => error.message), 'tap')
  assert.equal(calls.slice(2), ['tap:write2', 'end:write2', 'end:write2ed'])
})

test('a stage that fails to flush or close does not keep the rest from it', async () => {
  for (const how of ['throws', 'rejects'] as const) {
    const calls: string[] = []
    const failing: Stage = (next) => ({ ...probe('stage', calls, how), write: next.write })
    const sink = pipe(failing, probe('end', calls))
    const close = async () => sink.close?.()
    assert.is(await close().catch((error) => error.message), 'stage')
    assert.equal(calls, ['stage:close', 'end:close'])
  }
})

test('tee gives every batch to all, whatever some of them do', async () => {
  const calls: string[] = []
  const both = tee(probe('one', calls, 'throws'), probe('two', calls))
  assert.throws(() => both.write(batch), /^one$/)
  const all = tee(probe('three', calls, 'rejects'), probe('four', calls, 'throws'), probe('five', calls, 'async'))
  const error = await all.write(batch)?.catch((thrown) => thrown)
  assert.instance(error, AggregateError)
  assert.equal(error.errors.map((inner: Error) => inner.message).sort(), ['four', 'three'])
  assert.equal(calls, ['one:write2', 'two:write2', 'three:write2', 'four:write2', 'five:write2', 'five:write2ed'])
})

test('gives a promise only when a part did', async () => {
  const calls: string[] = []
  const list: Entry[] = []
  const push = (entries: readonly Entry[]): unknown => list.push(...entries)
  const counting: Sink = { write: push as Sink['write'] }
  assert.is(tee(counting, probe('one', calls)).write(batch), undefined)
  const waiting = pipe(counting, halve, probe('two', calls, 'async')).write(batch)
  assert.instance(waiting, Promise)
  await waiting
  assert.equal(calls, ['one:write2', 'two:write1', 'two:write1ed'])
})

test('has flushSync only when all its ends have it', () => {
  const calls: string[] = []
  const bare: Sink = { write() {} }
  const full = (): Sink => probe('full', calls)
  assert.type(pipe(full(), halve, full()).flushSync, 'function')
  assert.type(pipe(halve, tee(full(), full())).flushSync, 'function')
  assert.is(pipe(bare, full()).flushSync, undefined)
  assert.is(pipe(full(), halve, bare).flushSync, undefined)
  assert.is(pipe(halve, tee(full(), bare)).flushSync, undefined)
})

test('calls methods on their sink, and is the sink when there is only one', () => {
  class Counter implements Sink {
    seen = 0
    write(entries: readonly Entry[]): void {
      this.seen += entries.length
    }
  }
  const counter = new Counter()
  pipe(halve, tee(counter)).write(batch)
  assert.is(counter.seen, 1)
  assert.is(pipe(counter), counter)
})

test('refuses to end with anything but a sink', () => {
  assert.throws(() => pipe(), /^\[nfo\] \[pipe\] the last part is not a sink; end with one$/)
  assert.throws(() => pipe(halve), /^\[nfo\] \[pipe\] the last part is not a sink; end with one$/)
})

test.run()
