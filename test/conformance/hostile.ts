import { fail, items, raise, rejectsSame, same, throwsSame } from './assert.ts'
import type { Capability, Check, Group, Wrap } from './case.ts'
import { builtins, shared } from './values/builtins.ts'
import { objects } from './values/objects.ts'
import { proxies } from './values/proxies.ts'
import { gigantic, indivisible, sizes } from './values/sizes.ts'

function asArgument(wrap: Wrap, value: unknown): void {
  let seen: unknown[] = []
  wrap((...given: unknown[]) => {
    seen = given
  })(value, 1, value)
  items(seen, [value, 1, value], 'arguments')
  same(wrap((one: unknown) => one)(value), value, 'the only argument')
  same(wrap((box: { held: unknown[] }) => box.held[1])({ held: [0, value] }), value, 'an argument inside another')
}

function asOutcome(wrap: Wrap, value: unknown): void {
  same(wrap(() => value)(), value, 'the result')
  same((wrap(() => ({ held: value }))() as { held: unknown }).held, value, 'a property of the result')
  throwsSame(
    wrap(() => raise(value)),
    value,
    'the call'
  )
}

function asReceiver(wrap: Wrap, value: unknown): void {
  const read = wrap(function (this: unknown) {
    return this
  })
  same(read.call(value), value, 'this')
}

function inConstructor(wrap: Wrap, value: unknown): void {
  const Box = wrap(
    class {
      held: unknown
      constructor(held: unknown) {
        this.held = held
      }
    }
  )
  same(new Box(value).held, value, 'a field of an instance')
}

function inGenerator(wrap: Wrap, value: unknown): void {
  const run = wrap(function* (given: unknown) {
    yield given
    return given
  })
  items([...run(value)], [value], 'yielded values')
  throwsSame(() => run(value).throw(value), value, 'throw() of a generator')
}

// In a box: resolving a promise with the value itself would read its `then`.
async function inPromise(wrap: Wrap, value: unknown): Promise<void> {
  items(await wrap(async (given: unknown) => [given])(value), [value], 'an async result')
  items(await wrap(() => Promise.resolve([value]))(), [value], 'the value of a promise')
  await rejectsSame(wrap(async () => raise(value))(), value, 'an async function')
  for await (const box of wrap(async function* () {
    yield [value]
  })())
    items(box, [value], 'an async yield')
}

/** Passes the value through every place a value can be in. */
export function everywhere(make: () => unknown): Check {
  return async (wrap) => {
    const value = make()
    asArgument(wrap, value)
    asOutcome(wrap, value)
    asReceiver(wrap, value)
    inConstructor(wrap, value)
    inGenerator(wrap, value)
    await inPromise(wrap, value)
  }
}

const callsInABatch = 10
const patience = 200

/** Milliseconds that a batch of calls takes; gives up, with what it took so far, after `limit`. */
function timeOfBatch(take: (given: unknown) => unknown, value: unknown, limit: number): number {
  const start = Date.now()
  for (let call = 0; call < callsInABatch && Date.now() - start <= limit; call++) take(value)
  return Date.now() - start
}

/** The best of many batches, until one is within `enough`: a machine that is busy elsewhere slows most of them, not all. */
function bestTimeOf(take: (given: unknown) => unknown, value: unknown, enough: number): number {
  const giveUp = Date.now() + patience
  let best = Number.POSITIVE_INFINITY
  for (let batch = 0; best > enough && (batch < 2 || Date.now() < giveUp); batch++) {
    best = Math.min(best, timeOfBatch(take, value, enough || patience))
  }
  return best
}

/** A call with the value may take a millisecond, or a hundred times as long as one with a small object; not as long as to read it all. */
function cheaply(make: () => unknown): Check {
  return (wrap) => {
    const [value, take] = [make(), wrap((given: unknown) => given)]
    const limit = Math.max(callsInABatch, 100 * bestTimeOf(take, { id: 1, name: 'small', tags: ['a', 'b'] }, 0))
    const best = bestTimeOf(take, value, limit)
    if (best > limit) fail(`the time of ${callsInABatch} calls`, `at most ${limit} ms`, `${best} ms at best`)
  }
}

function group(name: string, values: Record<string, () => unknown>, needs?: Capability): Group {
  const checks = Object.entries(values).map(([title, make]) => [title, everywhere(make)])
  return { name, needs, checks: Object.fromEntries(checks) }
}

function costs(name: string, values: Record<string, () => unknown>, needs?: Capability): Group {
  const checks = Object.entries(values).map(([title, make]) => [title, cheaply(make)])
  return { name, needs, checks: Object.fromEntries(checks) }
}

export const hostile: readonly Group[] = [
  group('values that fight back', proxies),
  group('strange objects and errors', objects),
  group('built-in objects in odd states', builtins),
  group('shared memory', shared, 'sharedMemory'),
  group('large values', { ...sizes, ...indivisible }),
  group('gigantic values', gigantic, 'memory100MB'),
  costs('the cost of large values is bounded', sizes),
  costs('the cost of gigantic values is bounded', gigantic, 'memory100MB')
]
