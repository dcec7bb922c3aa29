import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Recorder } from '../../src/core/ring.ts'
import { Snapshot } from '../../src/core/snapshot.ts'
import { wrap } from '../../src/core/wrap.ts'
import type { WrapOptions } from '../../src/index.ts'
import { same } from '../formats/_entry.ts'
import { failing, lab } from './_lab.ts'

const test = suite('core/wrap options')

test('name and module, or the function’s own name', () => {
  const { logger, fresh } = lab()
  const { price } = { price: () => 1 }
  const hidden = Object.defineProperty(() => 1, 'name', {
    get() {
      throw new Error('was read')
    }
  })
  const wrapped = [
    logger.wrap(price),
    logger.wrap({ price: () => 1 }.price, 'cost'),
    logger.wrap({ price: () => 1 }.price, { name: 'fee', module: 'shop/cart' }),
    logger.wrap(
      (
        () => () =>
          1
      )()
    ),
    logger.wrap(hidden)
  ]
  for (const call of wrapped) call()
  const told = fresh().map(({ functionName, module }) => [functionName, module])
  assert.equal(told, [
    ['price', ''],
    ['cost', ''],
    ['fee', 'shop/cart'],
    ['anonymous', ''],
    ['anonymous', '']
  ])
})

test('params name the parameters of code that lost them', () => {
  const { logger, fresh } = lab()
  const login = logger.wrap((a: string, b: string) => [a, b].length, { name: 'login', params: ['user', 'password'] })
  login('ann', 'hunter2')
  const [{ params, args }] = fresh()
  assert.equal(params, ['user', 'password'])
  assert.ok(same(args, ['ann', new Snapshot('redacted', '')]))
})

test('a logger of its own', () => {
  const [one, other] = [lab(), lab()]
  const recorder = new Recorder(65_536)
  one.logger.wrap(() => 1, { name: 'here', logger: other.logger })()
  wrap(() => 2, { name: 'there', logger: other.logger })()
  wrap(() => 3, { name: 'nowhere', logger: { recorder } })()
  assert.equal(
    one.fresh().map(({ functionName }) => functionName),
    ['here']
  )
  assert.equal(
    other.fresh().map(({ functionName }) => functionName),
    ['there']
  )
  assert.is(recorder.accepted, 1)
})

test('what cannot be meant is refused', () => {
  const given = (options: unknown) => () => void wrap(() => 1, options as WrapOptions)
  const texts = (options: unknown): string => (failing(given(options)) as Error).message
  assert.is(texts({ level: 'loud' }), "[nfo] [wrap] unknown level 'loud'; use one of debug, info, warn, error, fatal")
  assert.is(
    texts({ nmae: 'x' }),
    "[nfo] [wrap] unknown option 'nmae'; use one of name, module, level, redact, sample, capture, params, logger"
  )
  assert.is(texts({ sample: 2 }), '[nfo] [wrap] sample is 2; use a share from 0 to 1')
  assert.is(texts({ sample: NaN }), '[nfo] [wrap] sample is NaN; use a share from 0 to 1')
  for (const [value, type] of [
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, 'object'],
    ['f', 'string']
  ]) {
    const error = failing(() => wrap(value as never)) as Error
    assert.instance(error, TypeError)
    assert.is(error.message, `[nfo] [wrap] expected a function, got ${type}; pass the function itself`)
  }
})

test.run()
