import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/configure.ts'
import { pipe } from '../../src/core/pipe.ts'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry, Sink, Stage } from '../../src/core/types.ts'
import { memorySink } from '../../src/sinks/memory.ts'
import { entry } from '../formats/_entry.ts'

/** A sink that keeps what it got, and the calls of its other members. */
export interface End extends Sink {
  batches: (readonly Entry[])[]
  entries(): Entry[]
  calls: string[]
}

/** An end that answers at once, later, or not well; `bare` has nothing but `write`. */
export function end(how: 'sync' | 'async' | 'bare' | 'throws' | 'rejects' = 'sync'): End {
  const batches: (readonly Entry[])[] = []
  const calls: string[] = []
  const note = (what: string) => (): void | Promise<void> => {
    calls.push(what)
    if (how === 'async') return Promise.resolve()
  }
  const sink: End = {
    batches,
    calls,
    entries: () => batches.flat(),
    write(entries) {
      batches.push(entries)
      calls.push('write')
      if (how === 'throws') throw new Error('no room')
      if (how === 'rejects') return Promise.reject(new Error('no room'))
      if (how === 'async') return Promise.resolve().then(() => void calls.push('written'))
    }
  }
  if (how === 'bare') return sink
  Object.assign(sink, { flush: note('flush'), close: note('close') })
  if (how !== 'async') sink.flushSync = note('flushSync')
  return sink
}

/** What a stage makes of these batches, everything that it held back included. */
export function through(stage: Stage, ...batches: (readonly Entry[])[]): Entry[] {
  const last = end()
  const sink = stage(last)
  for (const batch of batches) sink.write(batch)
  sink.close?.()
  return last.entries()
}

/** `count` calls, 10 ms apart, each with arguments of its own. */
export function calls(count: number, from = 1): Entry[] {
  return Array.from({ length: count }, (_, index) =>
    entry({ sequence: from + index, args: [`a-${from + index}`], timestamp: 1795386957000 + (from + index) * 10 })
  )
}

/** Changing any part of it throws. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (ArrayBuffer.isView(value)) return value
  for (const part of value instanceof Map || value instanceof Set ? value : Object.values(value)) frozen(part)
  return Object.freeze(value)
}

const rich = (): Entry[] => [
  entry({ args: [{ list: [1, new Map<unknown, unknown>([['email', { a: 'x=1' }]])] }, new Set(['ann@example.com'])] }),
  entry({ returnValue: new Snapshot('instance', 'Cart', { email: 'ann@example.com', items: [1n, undefined] }) }),
  entry({ level: 'error', exception: 'email=ann', exceptionType: 'TypeError', traceback: 'TypeError: email=ann' }),
  entry({
    kind: 'message',
    params: [],
    args: ['hello'],
    extra: { email: 'ann', at: new Date(0), bytes: new Uint8Array(3) }
  })
]

const sequences = (entries: readonly Entry[]): number[] => entries.map(({ sequence }) => sequence)
const message = (error: unknown): string => (error as Error).message

/** What every stage does. `make` gives one that lets entries pass which are not the same. */
export function stageContract(name: string, make: () => Stage): void {
  const test = suite(`stages/${name}: contract`)

  test('keeps the order, and batches as they came', () => {
    const all = calls(30)
    const last = end()
    const sink = make()(last)
    for (const batch of [all.slice(0, 1), all.slice(1, 12), all.slice(12)]) sink.write(batch)
    assert.equal(sequences(last.entries()), sequences(all))
    assert.equal(
      last.batches.map(({ length }) => length),
      [1, 11, 18]
    )
  })

  test('writes nothing for an empty batch, and nothing when there is nothing to tell', () => {
    const last = end()
    const sink = make()(last)
    sink.write([])
    sink.flush?.()
    sink.flushSync?.()
    sink.close?.()
    assert.equal(last.calls, ['flush', 'flushSync', 'close'])
  })

  test('passes flush, flushSync and close on, once, by itself and in a pipe', () => {
    for (const build of [(last: Sink) => make()(last), (last: Sink) => pipe(make(), make(), last)]) {
      for (const what of ['flush', 'flushSync', 'close'] as const) {
        const last = end()
        build(last)[what]?.()
        assert.equal(last.calls, [what])
      }
    }
  })

  test('leaves entries as they are, for they belong to other sinks too', () => {
    const batch = frozen(rich())
    const before = JSON.stringify(batch, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
    assert.is(through(make(), batch, batch).length > 0, true)
    assert.is(
      JSON.stringify(batch, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
      before
    )
  })

  test('is synchronous before a sink that is, and only then', async () => {
    for (const build of [(last: Sink) => make()(last), (last: Sink) => pipe(make(), last)]) {
      const sink = build(end('sync'))
      assert.is(sink.write(calls(1)), undefined)
      assert.type(sink.flushSync, 'function')
      const later = end('async')
      const slow = build(later)
      assert.is(slow.flushSync, undefined)
      await slow.write(calls(1))
      assert.equal(later.calls, ['write', 'written'])
      await slow.close?.()
      assert.is(later.calls.at(-1), 'close')
    }
    assert.is(pipe(make(), end('bare')).flushSync, undefined)
  })

  test('hands on what the next one throws or rejects with', async () => {
    assert.throws(() => make()(end('throws')).write(calls(1)), 'no room')
    const answer = make()(end('rejects')).write(calls(1))
    assert.is(await Promise.resolve(answer).catch(message), 'no room')
  })

  test('takes entries again after the next one failed', () => {
    let fails = true
    const got: Entry[] = []
    const sink = make()({
      write(entries) {
        if (fails) throw new Error('no room')
        got.push(...entries)
      }
    })
    assert.throws(() => sink.write(calls(2)), 'no room')
    fails = false
    sink.write(calls(2, 3))
    assert.equal(sequences(got), [3, 4])
  })

  test('knows one chain from another', () => {
    const stage = make()
    const [one, other] = [end(), end()]
    const sinks = [stage(one), stage(other)]
    for (const sink of sinks) sink.write(calls(5))
    assert.equal(sequences(one.entries()), sequences(other.entries()))
    assert.is(other.entries().length, 5)
  })

  test('keeps the books of a logger right', async () => {
    const recent = memorySink()
    const logger = createLogger({ sinks: [pipe(make(), recent), pipe(make(), end('throws'))], exitHooks: false })
    const work = logger.wrap((value: number) => value * 2, 'work')
    for (let round = 0; round < 40; round++) work(round)
    const { sinks, ...whole } = (logger.flushSync(), logger.stats())
    assert.equal(whole, { accepted: 40, delivered: 0, dropped: 0, failed: 40, pending: 0 })
    assert.equal(sinks[0], { accepted: 40, delivered: 40, dropped: 0, failed: 0, pending: 0 })
    assert.is(recent.entries().length, 40)
    await logger.close()
  })

  test.run()
}
