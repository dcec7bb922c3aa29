import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, Sink } from '../../src/core/types.ts'
import { type MemoryOptions, memorySink } from '../../src/sinks/memory.ts'
import { entry } from '../formats/_entry.ts'
import { sinkContract } from './_contract.ts'

sinkContract('memory', async () => {
  const sink = memorySink()
  return { sink, read: async () => sink.entries() }
})

sinkContract('memory, handing over', async () => {
  const end = memorySink()
  const sink = memorySink({ forward: end })
  return {
    sink,
    async read() {
      await sink.release()
      return end.entries()
    }
  }
})

const test = suite('sinks/memory')
const call = (sequence: number, level: Entry['level'] = 'debug'): Entry => entry({ sequence, level })
const numbers = (entries: readonly Entry[]): number[] => entries.map(({ sequence }) => sequence)

/** A sink that notes the numbers of each batch and fails as often as told. */
function target(failures = 0, how: 'throws' | 'rejects' = 'throws') {
  const batches: number[][] = []
  const end: Sink & { batches: number[][] } = {
    batches,
    write(entries) {
      if (failures-- <= 0) return void batches.push(numbers(entries))
      if (how === 'throws') throw new Error('full')
      return Promise.reject(new Error('full'))
    },
    flushSync() {
      batches.push([-1])
    }
  }
  return end
}

test('keeps the last entries, whatever the batches', () => {
  for (const size of [1, 2, 3, 4, 7, 20]) {
    for (let count = 0; count <= 20; count++) {
      const sink = memorySink({ entries: 4 })
      const all = Array.from({ length: count }, (_, index) => call(index + 1))
      for (let from = 0; from < count; from += size) sink.write(all.slice(from, from + size))
      assert.equal(numbers(sink.entries()), numbers(all.slice(-4)))
    }
  }
})

test('keeps no more bytes than told, and nothing that is larger on its own', () => {
  const sized = (sequence: number, length: number): Entry => entry({ sequence, args: ['x'.repeat(length)] })
  const sink = memorySink({ bytes: 10_000 })
  for (let sequence = 1; sequence <= 50; sequence++) sink.write([sized(sequence, 1000)])
  assert.equal(numbers(sink.entries()), [47, 48, 49, 50])
  sink.write([sized(51, 10)])
  assert.equal(numbers(sink.entries()), [47, 48, 49, 50, 51])
  sink.write([sized(52, 6000)])
  assert.equal(numbers(sink.entries()), [])
  sink.write([sized(53, 10), entry({ sequence: 54, args: [{ a: [new Map([['k', 'y'.repeat(4000)]])] }] })])
  assert.equal(numbers(sink.entries()), [53, 54])
  sink.write([entry({ sequence: 55, args: [new Uint8Array(9000)] })])
  assert.equal(numbers(sink.entries()), [55])
})

test('forgets what is held', () => {
  const sink = memorySink({ entries: 3 })
  sink.write([1, 2, 3, 4, 5].map((sequence) => call(sequence)))
  sink.clear()
  assert.equal(sink.entries(), [])
  sink.write([call(6)])
  assert.equal(numbers(sink.entries()), [6])
})

test('is silent until an error comes, then hands over what led to it', () => {
  for (const level of ['error', 'fatal'] as const) {
    const forward = target()
    const sink = memorySink({ entries: 3, forward, on: 'error' })
    sink.write([call(1), call(2, 'warn'), call(3), call(4)])
    assert.equal(forward.batches, [])
    assert.is(sink.write([call(5), call(6, level), call(7)]), undefined)
    assert.equal(forward.batches, [[2, 3, 4, 5, 6]])
    assert.equal(numbers(sink.entries()), [7])
  }
})

test('hands over an error at the head of a batch larger than what is held', () => {
  const forward = target()
  const sink = memorySink({ entries: 2, forward, on: 'error' })
  sink.write([call(1, 'error'), call(2), call(3), call(4)])
  assert.equal(forward.batches, [[1]])
  assert.equal(numbers(sink.entries()), [3, 4])
})

test('hands over only on demand, unless told otherwise', () => {
  const forward = target()
  const sink = memorySink({ forward })
  sink.write([call(1, 'fatal')])
  sink.flushSync?.()
  assert.equal(forward.batches, [[-1]])
  sink.release()
  sink.release()
  assert.equal(forward.batches, [[-1], [1]])
  assert.equal(sink.entries(), [])
})

test('holds on to what could not be handed over, and tries again', async () => {
  const throwing = target(1)
  const sink = memorySink({ forward: throwing, on: 'error' })
  assert.throws(() => sink.write([call(1), call(2, 'error'), call(3)]), /^full$/)
  assert.equal(numbers(sink.entries()), [1, 2, 3])
  sink.write([call(4)])
  assert.equal(throwing.batches, [[1, 2, 3]])
  assert.equal(numbers(sink.entries()), [4])

  const rejecting = target(1, 'rejects')
  const other = memorySink({ forward: rejecting, on: 'error' })
  const waiting = other.write([call(1), call(2, 'error'), call(3)])
  assert.equal(numbers(other.entries()), [3])
  assert.is(await waiting?.catch((error) => error.message), 'full')
  assert.equal(numbers(other.entries()), [1, 2, 3])
  await other.release()
  assert.equal(rejecting.batches, [[1, 2, 3]])
})

test('on the way out hands over only an error that is still held', () => {
  const forward = target(1)
  const sink = memorySink({ forward, on: 'error' })
  sink.write([call(1)])
  sink.flushSync?.()
  assert.equal(forward.batches, [[-1]])
  assert.throws(() => sink.write([call(2, 'error')]))
  sink.flushSync?.()
  sink.flushSync?.()
  assert.equal(forward.batches, [[-1], [1, 2], [-1], [-1]])
})

test('can write on the way out when what it hands over to can', () => {
  assert.type(memorySink().flushSync, 'function')
  assert.type(memorySink({ forward: target() }).flushSync, 'function')
  assert.is(memorySink({ forward: { write() {} } }).flushSync, undefined)
})

const refuses = (options: MemoryOptions, message: RegExp): void => {
  test(`refuses ${JSON.stringify(options)}`, () => assert.throws(() => memorySink(options), message))
}
refuses({ entries: 0 }, /^\[nfo\] \[memory\] entries and bytes are limits; give numbers above 0$/)
refuses({ entries: 1.5 }, /^\[nfo\] \[memory\] entries and bytes are limits/)
refuses({ bytes: -1 }, /^\[nfo\] \[memory\] entries and bytes are limits/)
refuses({ on: 'error' }, /^\[nfo\] \[memory\] on: 'error' has nowhere to hand over to; pass forward$/)

test('refuses to hand over to nowhere', () => {
  assert.throws(
    () => memorySink().release(),
    /^\[nfo\] \[memory\] release\(\) has nowhere to hand over to; pass forward$/
  )
})

test.run()
