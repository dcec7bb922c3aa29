import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { wrapObject } from '../../src/core/wrapClass.ts'
import { lab } from './_lab.ts'

const test = suite('core/wrapObject')

const mark = Symbol('mark')
const names = (entries: { functionName: string }[]): string[] => entries.map(({ functionName }) => functionName)

test('an object’s own functions, under a name when there is one', () => {
  const { logger, fresh } = lab()
  class Held {}
  const object = {
    base: 2,
    add(first: number): number {
      return this.base + first
    },
    [mark]: () => 1,
    _inner: () => 2,
    Held,
    get later(): never {
      throw new Error('was read')
    }
  }
  assert.is(wrapObject(object, { logger, name: 'math' }), object)
  assert.is(object.add(1), 3)
  object[mark]()
  object._inner()
  assert.is(object.Held, Held)
  assert.equal(names(fresh()), ['math.add', 'math.[mark]'])
  const plain = wrapObject({ run: () => 1 }, { logger })
  plain.run()
  assert.equal(names(fresh()), ['run'])
})

test('of what is frozen there is a copy', () => {
  const { logger, fresh } = lab()
  const proto = { inherited: () => 'inherited' }
  const frozen = Object.freeze(Object.assign(Object.create(proto) as typeof proto, { run: () => 1, value: 7 }))
  const copy = wrapObject(frozen, { logger })
  assert.is.not(copy, frozen)
  assert.is(copy.run(), 1)
  assert.is(copy.value, 7)
  assert.is(copy.inherited(), 'inherited')
  frozen.run()
  assert.equal(names(fresh()), ['run'])
})

test('one property that cannot be changed does not keep the others from it', () => {
  const { logger, fresh } = lab()
  const object = Object.defineProperty({ run: () => 1 }, 'fixed', { value: () => 2, enumerable: true }) as {
    run(): number
    fixed(): number
  }
  wrapObject(object, { logger })
  assert.is(object.run() + object.fixed(), 3)
  assert.equal(names(fresh()), ['run'])
})

test.run()
