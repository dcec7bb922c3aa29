import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, Sink } from '../../src/core/types.ts'
import { route } from '../../src/stages/route.ts'
import { entry } from '../formats/_entry.ts'
import { end, stageContract } from './_contract.ts'

stageContract('route', () => (next) => route([], next))

const test = suite('stages/route')

const named = (...names: string[]): Entry[] => names.map((functionName) => entry({ functionName }))
const names = ({ entries }: { entries(): Entry[] }): string =>
  entries()
    .map(({ functionName }) => functionName)
    .join(' ')

test('hands an entry to the first rule it meets, or to the rest', () => {
  const [errors, prod, rest] = [end(), end(), end()]
  const sink = route(
    [
      { level: 'error', to: errors },
      { environment: 'prod', to: prod }
    ],
    rest
  )
  sink.write([
    entry({ functionName: 'a', level: 'error', environment: 'prod' }),
    entry({ functionName: 'b', environment: 'prod' }),
    entry({ functionName: 'c' }),
    entry({ functionName: 'd', environment: 'prod' })
  ])
  assert.equal([errors, prod, rest].map(names), ['a', 'b d', 'c'])
  assert.equal(
    [errors, prod, rest].map(({ batches }) => batches.length),
    [1, 1, 1]
  )
})

test('goes on to later rules when it is told to', () => {
  const [all, some, rest] = [end(), end(), end()]
  const sink = route(
    [
      { to: all, continue: true },
      { function: 'a*', to: [some, all] }
    ],
    rest
  )
  sink.write(named('a1', 'b', 'a2'))
  assert.equal([all, some, rest].map(names), ['a1 b a2', 'a1 a2', ''])
})

test('writes nothing to a sink that gets nothing', () => {
  const [one, rest] = [end(), end()]
  route([{ function: 'x', to: one }], rest).write(named('y'))
  assert.equal(one.calls, [])
})

test('lets go of what no rule takes only when told so', () => {
  const one = end()
  route([{ function: 'a', to: one }], []).write(named('a', 'b'))
  assert.is(names(one), 'a')
  assert.throws(() => route([], undefined as never), '[nfo] [route] otherwise')
})

test('a rule whose function throws is not met', () => {
  const [one, rest] = [end(), end()]
  const when = (): boolean => {
    throw new Error('broken')
  }
  route([{ when, to: one }], rest).write(named('a'))
  assert.equal([one, rest].map(names), ['', 'a'])
})

test('the failure of one sink is told when all have had theirs', async () => {
  const [bad, worse, good] = [end('throws'), end('rejects'), end()]
  const sink = route(
    [
      { function: 'a', to: bad },
      { function: 'b', to: worse }
    ],
    good
  )
  assert.throws(() => sink.write(named('a', 'c')), 'no room')
  assert.is(names(good), 'c')
  const failure = await Promise.resolve(sink.write(named('a', 'b', 'd'))).catch((error) => error)
  assert.instance(failure, AggregateError)
  assert.is(names(good), 'c d')
})

test('flushes and closes each sink once, and all of them', () => {
  const [one, rest] = [end(), end()]
  const sink = route(
    [
      { function: 'a', to: one },
      { function: 'b', to: [one, rest] }
    ],
    rest
  )
  sink.flush?.()
  sink.flushSync?.()
  sink.close?.()
  assert.equal(one.calls, ['flush', 'flushSync', 'close'])
  assert.equal(rest.calls, ['flush', 'flushSync', 'close'])
})

test('writes synchronously when all do', () => {
  assert.is(route([{ level: 'error', to: end('async') }], end()).flushSync, undefined)
  assert.type(route([{ level: 'error', to: end() }], end()).flushSync, 'function')
})

test('a sink may write to the route it is part of', () => {
  const rest = end()
  const looping: Sink = { write: () => sink.write(named('inner')) }
  const sink = route([{ function: 'a', to: looping }], rest)
  sink.write(named('a', 'b'))
  assert.is(names(rest), 'inner b')
})

test('says what is wrong with a rule', () => {
  assert.throws(() => route(end() as never, end()), '[nfo] [route] the rules are')
  assert.throws(() => route([{ level: 'errors' as never, to: end() }], end()), "did you mean 'error'?")
  assert.throws(() => route([{ to: 'sqlite:app.db' as never }], end()), '[nfo] [route] the rule 1 has no sink')
  assert.throws(() => route([{ to: end(), otherwise: end() } as never], end()), "unknown field 'otherwise'")
})

test.run()
