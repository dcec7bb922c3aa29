import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skip, wrap } from '../../src/core/wrap.ts'
import { wrapClass, wrapObject } from '../../src/core/wrapClass.ts'
import { failing, lab } from './_lab.ts'

const test = suite('core/wrapClass')

const mark = Symbol('mark')
const names = (entries: { functionName: string }[]): string[] => entries.map(({ functionName }) => functionName)

test('wraps methods and statics; leaves accessors, fields, _x, #x and skipped ones', () => {
  const { logger, fresh } = lab()
  let read = 0
  class Cart {
    static made = 0
    static {
      Cart.made = 1
    }
    static create(): Cart {
      return new Cart()
    }
    static get total(): number {
      return ++read
    }
    field = (): string => 'field'
    #items: string[] = []
    #count(): number {
      return this.#items.length
    }
    add(item: string): number {
      this.#items.push(item)
      return this._size()
    }
    _size(): number {
      return this.#count()
    }
    get last(): string | undefined {
      read++
      return this.#items.at(-1)
    }
    set last(item: string) {
      this.#items.push(item)
    }
    [mark](): string {
      return 'marked'
    }
    *[Symbol.iterator](): Generator<string> {
      yield* this.#items
    }
    quiet = 1
    loud(): string {
      return 'loud'
    }
  }
  skip(Cart.prototype.loud)
  assert.is(wrapClass(Cart, { logger }), Cart)
  assert.is(read, 0, 'no accessor ran')
  const cart = Cart.create()
  assert.is(cart.add('book'), 1)
  assert.is(cart.last, 'book')
  cart.last = 'pen'
  assert.is(cart[mark](), 'marked')
  assert.equal([...cart], ['book', 'pen'])
  assert.is(cart.field(), 'field')
  assert.is(cart.loud(), 'loud')
  assert.equal(names(fresh()), ['Cart.create', 'Cart.add', 'Cart.[mark]', 'Cart.[Symbol.iterator]'])
  assert.equal(Object.keys(Cart.prototype), [])
})

test('inheritance and super go through what is wrapped, once each', () => {
  const { logger, fresh } = lab()
  class Base {
    greet(name: string): string {
      return `hello ${name}`
    }
    only(): string {
      return 'base'
    }
    static create(): string {
      return this.name
    }
  }
  class Derived extends Base {
    override greet(name: string): string {
      return `${super.greet(name)}!`
    }
  }
  wrapClass(Base, { logger })
  wrapClass(Derived, { logger, name: 'D' })
  assert.is(new Derived().greet('ann'), 'hello ann!')
  assert.is(new Derived().only(), 'base')
  assert.is(Derived.create(), 'Derived')
  assert.equal(names(fresh()), [`${Base.name}.greet`, 'D.greet', `${Base.name}.only`, `${Base.name}.create`])
  assert.not(Object.hasOwn(Derived.prototype, 'only'))
})

test('what was wrapped before stays as it is', () => {
  const { logger, fresh } = lab()
  class Twice {
    run(): number {
      return 1
    }
  }
  wrapClass(Twice, { logger })
  const { run } = Twice.prototype
  wrapClass(Twice, { logger, name: 'Other' })
  assert.is(Twice.prototype.run, run)
  assert.is(wrap(run), run)
  new Twice().run()
  assert.equal(names(fresh()), ['Twice.run'])
})

test('what is neither is refused', () => {
  const message = (act: () => unknown): string => (failing(act) as Error).message
  assert.is(
    message(() => wrapClass({} as never)),
    '[nfo] [wrapClass] expected a class, got object; for an object use wrapObject'
  )
  assert.is(
    message(() => wrapObject(null as never)),
    '[nfo] [wrapObject] expected an object, got null; for a function use wrap'
  )
  assert.is(
    message(() => wrapObject((() => 1) as never)),
    '[nfo] [wrapObject] expected an object, got function; for a function use wrap'
  )
})

test.run()
