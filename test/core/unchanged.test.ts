import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { slow } from '../_run/runtime.ts'
import { same } from '../formats/_entry.ts'
import { lab } from './_lab.ts'

const test = suite('core/unchanged')

/** Numbers from 0 to 1 that are the same at every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) / 2 ** 24
  }
}

const names = [
  'id',
  'password',
  'name',
  'apiKey',
  'author',
  'tags',
  'x-token',
  'nested',
  'a b',
  '__proto__',
  'card_number'
]
const texts = [
  '',
  'plain',
  'password=hunter2',
  '{"token":"abc"}',
  '4111111111111111',
  'ż'.repeat(30),
  'x'.repeat(100),
  '\ud800'
]

function makeValue(next: () => number, depth: number): unknown {
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(next() * list.length)]
  const many = <Item>(make: () => Item): Item[] => Array.from({ length: Math.floor(next() * 4) }, make)
  const inner = (): unknown => makeValue(next, depth - 1)
  if (depth === 0 || next() < 0.3)
    return pick([pick(texts), next() * 1e6, -0, NaN, null, undefined, true, 10n ** 20n, next() < 0.5])
  if (next() < 0.2) return new Map(many(() => [pick(names), inner()]))
  if (next() < 0.2) return new Set(many(inner))
  if (next() < 0.2) return many(inner)
  if (next() < 0.1) return new Uint8Array(many(() => next() * 256))
  if (next() < 0.1) return new Date(next() * 1e12)
  return Object.fromEntries(many(() => [pick(names), inner()]))
}

test('what is passed and returned is left as it was, secrets and all', () => {
  const { logger, entries } = lab()
  const take = logger.wrap((_password: unknown, value: unknown) => value, { name: 'take', redact: ['name'] })
  const plain = logger.wrap((value: unknown) => value, 'plain')
  const rounds = slow ? 2000 : 100_000
  const [one, other] = [numbers(7), numbers(7)]
  for (let round = 0; round < rounds; round++) {
    const value = makeValue(one, 4)
    const given = round % 2 ? take(value, value) : plain(value)
    const twin = makeValue(other, 4)
    if (given !== value && value === value) throw new Error(`round ${round} gave something else`)
    if (!same(value, twin)) throw new Error(`round ${round} was changed`)
    if (round % 1000 === 0) entries.length = 0
  }
  logger.flushSync()
  assert.is(logger.stats().delivered, rounds)
})

test('frozen values, and those whose properties have setters, are only read', () => {
  const { logger } = lab()
  const take = logger.wrap((value: object) => value, 'take')
  const refuse = (): never => {
    throw new Error('was written')
  }
  const proxy = new Proxy(
    { password: 'x', list: [1] },
    {
      set: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
      setPrototypeOf: refuse,
      preventExtensions: refuse
    }
  )
  assert.is(take(proxy), proxy)
  assert.equal(Reflect.ownKeys(proxy), ['password', 'list'])
  const frozen = Object.freeze({ token: 'x', nested: Object.freeze([Object.freeze({})]) })
  assert.is(take(frozen), frozen)
  assert.equal(Reflect.ownKeys(frozen), ['token', 'nested'])
})

test.run()
