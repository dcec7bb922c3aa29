import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { wrap } from '../../src/core/wrap.ts'
import { wrapCatch } from '../../src/core/wrapCatch.ts'
import { lab } from './_lab.ts'

const test = suite('core/wrapCatch')

test('gives the fallback instead of the error, which is recorded', () => {
  const { logger, fresh } = lab()
  const parse = wrapCatch((text: string) => JSON.parse(text), { fallback: null, name: 'parse', logger })
  assert.equal(parse('[1]'), [1])
  assert.is(parse('{'), null)
  const [good, bad] = fresh()
  assert.equal(good.returnValue, [1])
  assert.equal([bad.level, bad.exceptionType, bad.functionName, bad.args[0]], ['error', 'SyntaxError', 'parse', '{'])
})

test('gives undefined when there is no fallback', () => {
  const { logger } = lab()
  const fail = wrapCatch(
    (): never => {
      throw new Error('no')
    },
    { logger }
  )
  assert.is(fail(), undefined)
})

test('a fallback may be a function of the error and the arguments', () => {
  const { logger } = lab()
  const seen: unknown[] = []
  const boom = new Error('boom')
  const fail = wrapCatch(
    (first: number, second: string): string => {
      if (first > 0) throw boom
      return second
    },
    {
      logger,
      fallback: (error: unknown, ...args: unknown[]) => {
        seen.push(error, ...args)
        return 'instead'
      }
    }
  )
  assert.is(fail(1, 'a'), 'instead')
  assert.is(fail(0, 'b'), 'b')
  assert.is(seen[0], boom)
  assert.equal(seen.slice(1), [1, 'a'])
})

test('holds for promises too, and a rejection is handled', async () => {
  const { logger, fresh } = lab()
  const load = wrapCatch(
    async (id: number) => {
      await null
      if (id < 0) throw new RangeError('no')
      return id
    },
    { fallback: 0, logger }
  )
  assert.is(await load(7), 7)
  assert.is(await load(-1), 0)
  assert.equal(
    fresh().map(({ level, returnValue, exception }) => [level, returnValue, exception]),
    [
      ['debug', 7, undefined],
      ['error', undefined, 'no']
    ]
  )
})

test('keeps this, new, name, length and statics', () => {
  const { logger } = lab()
  class Point {
    static origin = 'here'
    x: number
    constructor(x: number) {
      this.x = x
    }
  }
  const Made = wrapCatch(Point, { logger }) as typeof Point
  assert.is(new Made(3).x, 3)
  assert.ok(new Made(3) instanceof Point)
  assert.equal([Made.name, Made.length, Made.origin], [Point.name, 1, 'here'])
  const method = wrapCatch(
    function (this: { id: number }, add: number) {
      return this.id + add
    },
    { logger }
  )
  assert.is(method.call({ id: 1 }, 2), 3)
})

test('an error of the fallback itself is the caller’s', () => {
  const { logger } = lab()
  const fail = wrapCatch(
    (): number => {
      throw new Error('first')
    },
    {
      logger,
      fallback: (): number => {
        throw new Error('second')
      }
    }
  )
  assert.throws(() => fail(), /^second$/)
})

test('of a function that was wrapped already it is recorded once', () => {
  const { logger, fresh } = lab()
  const wrapped = wrap(
    (): number => {
      throw new Error('no')
    },
    { name: 'first', logger }
  )
  assert.is(wrapCatch(wrapped, { fallback: 1, name: 'second', logger })(), 1)
  assert.equal(
    fresh().map(({ functionName }) => functionName),
    ['first']
  )
})

test.run()
