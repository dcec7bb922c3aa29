import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { autoLog } from '../../src/auto/autoLog.ts'
import { createLogger, skip } from '../../src/index.ts'
import * as namespace from './_namespace.ts'

const lab = () => {
  const logger = createLogger({ exitHooks: false })
  return { logger, recorded: () => logger.dump().map((entry) => `${entry.module}:${entry.functionName}`) }
}

const test = suite('autoLog')

test('records the functions of an object in place and says what it left', () => {
  const { logger, recorded } = lab()
  const untouched = skip(() => 0)
  class Cart {
    static of(): Cart {
      return new Cart()
    }
    total(): number {
      return 7
    }
    get size(): number {
      return 1
    }
  }
  const shop = {
    add: (a: number, b: number) => a + b,
    Cart,
    _inner: () => 1,
    untouched,
    version: 1,
    get now() {
      return 2
    }
  }
  const { exports, wrapped, skipped } = autoLog(shop, { logger, module: 'shop' })
  assert.is(exports, shop)
  assert.equal(wrapped, ['add', 'Cart.total', 'Cart.of'])
  assert.equal(skipped, [
    { name: 'Cart.size', reason: 'is an accessor' },
    { name: '_inner', reason: 'begins with _' },
    { name: 'untouched', reason: 'is recorded already, or marked with skip' },
    { name: 'version', reason: 'is not a function' },
    { name: 'now', reason: 'is an accessor' }
  ])
  assert.is(shop.add(1, 2) + shop.Cart.of().total() + shop._inner(), 11)
  assert.equal(recorded(), ['shop:add', 'shop:Cart.of', 'shop:Cart.total'])
  assert.equal(autoLog(shop).wrapped, [])
})

test('copies a namespace, whose other exports stay live', () => {
  const { logger, recorded } = lab()
  const { exports: copy, wrapped } = autoLog(namespace, { logger })
  const typed: typeof namespace = copy
  assert.equal(wrapped, ['increase'])
  assert.is.not(typed.increase, namespace.increase)
  assert.equal([typed.count, typed.increase(2), typed.count], [0, 2, 2])
  assert.equal(Object.keys(typed), Object.keys(namespace))
  assert.equal(recorded(), [':increase'])
})

test('copies a frozen object, and leaves what cannot be replaced', () => {
  const frozen = Object.freeze({ one: () => 1 })
  const { exports } = autoLog(frozen)
  assert.is.not(exports.one, frozen.one)
  assert.is(exports.one(), 1)
  const fixed = Object.defineProperty({} as { two(): number }, 'two', { value: () => 2 })
  assert.equal(autoLog(fixed).skipped, [{ name: 'two', reason: 'cannot be replaced' }])
})

test('a function comes back recorded, with what hangs on it', () => {
  const { logger, recorded } = lab()
  const area = Object.assign((width: number, height: number) => width * height, { unit: 'cm' })
  const { exports: logged, wrapped } = autoLog(area, { logger, name: 'area' })
  assert.equal([logged(2, 3), logged.unit, Object.keys(logged), wrapped], [6, 'cm', ['unit'], ['area']])
  logged.unit = 'm'
  assert.is(area.unit, 'm')
  assert.equal(recorded(), [':area'])
})

test('a class written as a function stays the constructor of what it makes', () => {
  const { logger, recorded } = lab()
  type Made = { x: number; double(): number }
  const Point = function (this: Made, x: number) {
    this.x = x
  } as unknown as new (
    x: number
  ) => Made
  Point.prototype.double = function (this: Made) {
    return this.x * 2
  }
  const Bare = function (this: Made) {} as unknown as new () => Made
  const { exports } = autoLog({ Point, Bare }, { logger })
  const [point, bare] = [new exports.Point(4), new exports.Bare()]
  assert.equal([exports.Point === Point, point.double(), bare.constructor === exports.Bare], [true, 8, true])
  assert.ok(bare instanceof Bare)
  assert.equal(recorded(), [':Bare', ':Point.double'])
})

test('private names are recorded when they are asked for, and options go to every function', () => {
  const { logger } = lab()
  const { wrapped } = autoLog(
    { _inner: (password: string) => password },
    { logger, includePrivate: true, level: 'info' }
  )
  assert.equal(wrapped, ['_inner'])
})

test('what is no object is refused with the fix', () => {
  for (const value of [null, 1, 'lodash', undefined]) {
    assert.throws(
      () => autoLog(value as unknown as object),
      /^\[nfo\] \[autoLog\] expected an object or a function, got .*; pass/
    )
  }
})

test.run()
