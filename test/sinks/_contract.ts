import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry, Sink } from '../../src/core/types.ts'
import { toJson } from '../../src/formats/json.ts'
import { entry } from '../formats/_entry.ts'

/** A sink under test, and what has reached its end so far. */
export interface Member {
  sink: Sink
  read(): Promise<Entry[]>
}

type Contract = ReturnType<typeof suite>

/** Gives the function that registers tests: the suite's own, or one that skips where the runtime lacks something. */
export type Register = (contract: Contract) => (name: string, handler: () => Promise<void>) => void

const hostile = [
  '',
  '\n',
  '\r\n',
  '"',
  "'",
  'a\\',
  ',',
  ';',
  '|',
  '\0',
  '\x1b[31m',
  '\u2028',
  '\ud800',
  '$date',
  '__proto__'
]
const unicode = ['zażółć', '日本語', 'עברית', '👩‍👧', '\u{10ffff}', 'e\u0301']

const numbered = (from: number, count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => entry({ sequence: from + index, args: [`call ${from + index}`, index] }))

const lines = (entries: readonly Entry[]): string => entries.map(toJson).join('\n')

async function quietly(act: () => unknown): Promise<void> {
  try {
    await act()
  } catch {}
}

/** What every sink does, whatever it writes to. `make` gives a new and empty one each time. */
export function sinkContract(name: string, make: () => Promise<Member>, register: Register = (test) => test): void {
  const contract = suite(`sinks/${name}: contract`)
  const test = register(contract)

  test('keeps batches in order', async () => {
    const { sink, read } = await make()
    const entries = numbered(1, 9)
    for (const batch of [entries.slice(0, 1), entries.slice(1, 6), entries.slice(6)]) await sink.write(batch)
    await sink.flush?.()
    assert.is(lines(await read()), lines(entries))
  })

  test('writes nothing for an empty batch', async () => {
    const { sink, read } = await make()
    await sink.write([])
    await sink.write(numbered(1, 1))
    await sink.write([])
    await sink.flush?.()
    assert.is(lines(await read()), lines(numbered(1, 1)))
  })

  test('keeps any text in any place', async () => {
    const { sink, read } = await make()
    const entries = [...hostile, ...unicode].flatMap((text) => [
      entry({ functionName: text, module: text, params: [text], args: [text, { [text]: text }], argTypes: [text] }),
      entry({ exception: text, exceptionType: text, traceback: text, environment: text, version: text, traceId: text }),
      entry({ kind: 'message', args: [text], extra: { text, [text]: [text] } })
    ])
    await sink.write(entries)
    await sink.flush?.()
    assert.is(lines(await read()), lines(entries))
  })

  test('takes a thousand entries at once and one by one', async () => {
    const { sink, read } = await make()
    const entries = numbered(1, 1000)
    await sink.write(entries.slice(0, 500))
    for (const one of entries.slice(500)) await sink.write([one])
    await sink.flush?.()
    assert.is(lines(await read()), lines(entries))
  })

  test('leaves the entries as they are', async () => {
    const { sink } = await make()
    const args = [{ nested: [1, new Map([['a', 1]])] }, new Snapshot('cycle', '1'), undefined]
    const entries = Object.freeze([
      Object.freeze(entry({ args: Object.freeze(args) as unknown[], extra: Object.freeze({ a: 1 }) }))
    ])
    const before = lines(entries)
    await sink.write(entries)
    await sink.flush?.()
    assert.is(lines(entries), before)
  })

  test('flushes and closes any number of times, in any order', async () => {
    const orders = [
      'flush flush flushSync flushSync close close',
      'close flush flushSync close',
      'flushSync close flush'
    ]
    for (const order of orders) {
      for (const count of [0, 3]) {
        const { sink, read } = await make()
        await sink.write(numbered(1, count))
        for (const what of order.split(' ')) await sink[what as 'flush']?.()
        assert.is(lines(await read()), lines(numbered(1, count)), order)
      }
    }
  })

  test('loses nothing of before when written to after close', async () => {
    const { sink, read } = await make()
    await sink.write(numbered(1, 3))
    await sink.close?.()
    await quietly(() => sink.write(numbered(4, 1)))
    assert.is(lines((await read()).slice(0, 3)), lines(numbered(1, 3)))
  })

  contract.run()
}
