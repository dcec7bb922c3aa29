import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry } from '../../src/core/types.ts'
import { type DiffOptions, diff } from '../../src/stages/diff.ts'
import { entry } from '../formats/_entry.ts'
import { stageContract, through } from './_contract.ts'

stageContract('diff', () => diff())

const test = suite('stages/diff')

const add = (version: string | undefined, returnValue: unknown, overrides: Partial<Entry> = {}): Entry =>
  entry({ functionName: 'add', version, args: [1, 2], returnValue, ...overrides })
const failed = (version: string, exception: string): Entry =>
  add(version, undefined, { level: 'error', exception, exceptionType: 'RangeError' })
const marks = (entries: readonly Entry[], options: DiffOptions = {}): unknown[] =>
  through(diff(options), entries).map(({ extra }) => extra.diff)

test('marks another result in another version, with both', () => {
  const [first, second] = through(diff(), [add('1.2.1', 3), add('1.2.2', 4, { extra: { own: 1 } })])
  assert.equal(first.extra, {})
  assert.equal(second.extra, { own: 1, diff: { version: '1.2.1', returnValue: 3 } })
  assert.equal([second.version, second.returnValue], ['1.2.2', 4])
})

test('leaves alone what is the same, or no call that can be compared', () => {
  const cases: [string, Entry[]][] = [
    ['same result', [add('1', { a: 1, b: 2 }), add('2', { b: 2, a: 1 })]],
    ['same version', [add('1', 3), add('1', 4)]],
    ['other arguments', [add('1', 3), add('2', 4, { args: [1, 3] })]],
    ['other types of arguments', [add('1', 3), add('2', 4, { args: ['1', 2] })]],
    ['other function', [add('1', 3), add('2', 4, { functionName: 'sub' })]],
    ['other module', [add('1', 3), add('2', 4, { module: 'other' })]],
    ['no version', [add(undefined, 3), add('2', 4)]],
    ['a message', [add('1', 3, { kind: 'message' }), add('2', 4, { kind: 'message' })]],
    ['cut', [add('1', 3), add('2', 4, { extra: { truncated: true } })]],
    ['redacted', ['1', '2'].map((version) => add(version, version, { args: [new Snapshot('redacted', '')] }))]
  ]
  for (const [name, entries] of cases) assert.equal(marks(entries), [undefined, undefined], name)
})

test('errors are results too; their stacks do not count', () => {
  const error = { version: '1', exception: 'too large', exceptionType: 'RangeError' }
  assert.equal(marks([failed('1', 'too large'), add('2', 3)]), [undefined, error])
  assert.equal(marks([add('1', 3), failed('2', 'too large')]), [undefined, { version: '1', returnValue: 3 }])
  assert.equal(marks([failed('1', 'a'), { ...failed('2', 'a'), traceback: 'elsewhere' }]), [undefined, undefined])
})

test('marks each change once, also when two versions run side by side', () => {
  const entries = ['1', '2', '1', '2', '1', '2'].map((version) => add(version, Number(version)))
  assert.equal(marks(entries), [undefined, { version: '1', returnValue: 1 }, ...Array(4).fill(undefined)])
  const third = [...entries, add('3', 9)]
  assert.equal(marks(third).at(-1), { version: '2', returnValue: 2 })
})

test('compares with entries of an earlier run', () => {
  const mark = { version: '1', returnValue: 3 }
  const stage = diff({ earlier: new Set([add('1', 3)]).values() })
  for (const chain of [through(stage, [add('2', 4)]), through(stage, [add('2', 4)])]) {
    assert.equal(chain[0].extra.diff, mark)
  }
})

test('remembers no more calls than it is told', () => {
  const numbered = (version: string, number: number): Entry => add(version, version, { args: [number] })
  const old = [1, 2, 1, 3].map((number) => numbered('1', number))
  const found = marks([...old, ...[3, 1, 2].map((number) => numbered('2', number))], { calls: 2 })
  assert.equal(
    found.slice(4).map((mark) => mark !== undefined),
    [true, true, false]
  )
})

test('agrees with a plain list of everything that was seen, for two versions in turn', () => {
  const call = fc.record({ number: fc.nat(3), result: fc.nat(1) })
  fc.assert(
    fc.property(fc.array(call), fc.array(call), (before, after) => {
      const entries = [
        ...before.map(({ number, result }) => add('1', result, { args: [number] })),
        ...after.map(({ number, result }) => add('2', result, { args: [number] }))
      ]
      const old = new Map(before.map(({ number, result }) => [number, result]))
      const last = new Map<number, number>()
      const expected = after.map(({ number, result }) => {
        const isNews = last.get(number) !== result
        last.set(number, result)
        return isNews && old.has(number) && old.get(number) !== result
      })
      assert.equal(
        marks(entries)
          .slice(before.length)
          .map((mark) => mark !== undefined),
        expected
      )
    })
  )
})

test('says what is wrong with an option', () => {
  assert.throws(() => diff({ calls: 0 }), '[nfo] [diff] calls is 0; use 1 or more')
  assert.throws(() => diff({ call: 5 } as never), "did you mean 'calls'?")
})

test.run()
