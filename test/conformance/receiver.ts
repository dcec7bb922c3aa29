import { items, same, throwsA } from './assert.ts'
import type { Check, Group } from './case.ts'

const receivers: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  'a string': 'text',
  'a number': 7,
  'a boolean': false,
  'a symbol': Symbol('this'),
  'a bigint': 7n,
  'an object without prototype': Object.create(null),
  'a frozen object': Object.freeze({}),
  'a function': () => 0,
  'a Proxy': new Proxy({}, {})
}

function itself(this: unknown): unknown {
  return this
}

function passes(receiver: unknown): Check {
  return (wrap) => {
    const read = wrap(itself)
    same(read.call(receiver), receiver, 'this by call')
    same(read.apply(receiver, []), receiver, 'this by apply')
    same(read.bind(receiver)(), receiver, 'this by bind')
    same(Reflect.apply(read, receiver, []), receiver, 'this by Reflect.apply')
  }
}

class Account {
  #balance = 10
  get doubled(): number {
    return this.#balance * 2
  }
  set balance(value: number) {
    this.#balance = value
  }
  deposit(amount: number): number {
    this.#balance += amount
    return this.#balance
  }
}

class Savings extends Account {
  override deposit(amount: number): number {
    return super.deposit(amount) + 1_000
  }
}

export const receiver: Group = {
  name: 'this',
  checks: {
    ...Object.fromEntries(Object.entries(receivers).map(([name, value]) => [`is ${name}`, passes(value)])),
    'is undefined in a plain call': (wrap) => {
      const read = wrap(itself)
      same(read(), undefined, 'this')
    },
    'is the object of a method call': (wrap) => {
      const key = Symbol('key')
      const owner = { read: wrap(itself), [key]: wrap(itself), nested: { read: wrap(itself) } }
      same(owner.read(), owner, 'by name')
      same(owner[key](), owner, 'by symbol')
      same(owner.nested.read(), owner.nested, 'nested')
      same(owner?.read?.(), owner, 'by an optional chain')
    },
    'is lexical in an arrow function': (wrap) => {
      class Outer {
        read = wrap(() => this)
      }
      const outer = new Outer()
      same(outer.read.call({}), outer, 'this')
    },
    'comes with the arguments that bind fixed': (wrap) => {
      const list = wrap(function (this: unknown, ...rest: number[]) {
        return [this, ...rest]
      })
      items(list.bind('bound', 1, 2)(3), ['bound', 1, 2, 3], 'this and arguments')
    },
    'lets a method reach private fields': (wrap) => {
      class Own extends Account {}
      Object.defineProperty(Own.prototype, 'deposit', { value: wrap(Account.prototype.deposit) })
      same(new Own().deposit(5), 15, 'the balance')
    },
    'of a foreign class still throws a TypeError at private fields': (wrap) => {
      const deposit = wrap(Account.prototype.deposit)
      throwsA(() => deposit.call({} as Account, 1), TypeError, 'the call')
    },
    'works in accessors': (wrap) => {
      const { get } = Object.getOwnPropertyDescriptor(Account.prototype, 'doubled') as { get: () => unknown }
      const { set } = Object.getOwnPropertyDescriptor(Account.prototype, 'balance') as { set: (value: unknown) => void }
      const account = new Account()
      Object.defineProperty(account, 'doubled', { get: wrap(get) })
      Object.defineProperty(account, 'balance', { set: wrap(set) })
      account.balance = 21
      same(account.doubled, 42, 'the getter after the setter')
    },
    'super calls of a wrapped method work': (wrap) => {
      const savings = new Savings()
      Object.defineProperty(savings, 'deposit', { value: wrap(Savings.prototype.deposit) })
      same(savings.deposit(1), 1_011, 'the balance')
    },
    'super calls into a wrapped method work': (wrap) => {
      class Base {
        who(): string {
          return this instanceof Derived ? 'base' : 'nobody'
        }
      }
      class Derived extends Base {
        override who(): string {
          return `derived from ${super.who()}`
        }
      }
      Base.prototype.who = wrap(Base.prototype.who)
      same(new Derived().who(), 'derived from base', 'the text')
    },
    'super in an object literal keeps its home object': (wrap) => {
      const parent = { greet: () => 'parent' }
      const child = {
        __proto__: parent,
        greet(): string {
          return `child of ${super.greet()}`
        }
      }
      child.greet = wrap(child.greet)
      same(child.greet(), 'child of parent', 'the text')
    }
  }
}
