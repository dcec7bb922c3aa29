import { isA, items, raise, same, throwsA, throwsSame } from './assert.ts'
import type { AnyFunction, Group } from './case.ts'

/** Like a host function that must not be called as a method of anything else. */
function hostFunction(this: unknown, text: string): string {
  if (this !== undefined && this !== globalThis) throw new TypeError('Illegal invocation')
  return text.toUpperCase()
}

export const natives: Group = {
  name: 'bound and native functions',
  checks: {
    'a bound function keeps this and its first arguments': (wrap) => {
      const owner = { id: 1 }
      const bound = wrap(
        function (this: unknown, ...rest: unknown[]) {
          return [this, ...rest]
        }.bind(owner, 'first')
      )
      items(bound.call('other', 'second'), [owner, 'first', 'second'], 'this and arguments')
    },
    'a bound class makes instances': (wrap) => {
      const Year = wrap((Date.bind as AnyFunction).call(Date, undefined, 2_000) as new (month: number) => Date)
      isA(new Year(3), Date, 'the instance')
      same(new Year(3).getMonth(), 3, 'the month')
    },
    'Math.max, parseInt, Number.isInteger': (wrap) => {
      items([wrap(Math.max)(), wrap(Math.max)(1, 2, 3)], [Number.NEGATIVE_INFINITY, 3], 'Math.max')
      items([wrap(parseInt)('0x1f'), wrap(parseInt)('11', 2)], [31, 3], 'parseInt')
      items(['1', '2', '3'].map(wrap(parseInt)), [1, Number.NaN, Number.NaN], 'parseInt under map')
      same(wrap(Number.isInteger)(1), true, 'Number.isInteger')
    },
    'methods of built-in prototypes': (wrap) => {
      items(wrap(Array.prototype.map).call([1, 2], Number as never), [1, 2], 'Array.prototype.map')
      same(wrap(String.prototype.slice).call('text', 1, 3), 'ex', 'String.prototype.slice')
      same(wrap(Map.prototype.get).call(new Map([[1, 'one']]), 1), 'one', 'Map.prototype.get')
      throwsA(() => wrap(Map.prototype.get).call({} as never, 1), TypeError, 'Map.prototype.get of an object')
      throwsA(() => wrap(Date.prototype.getTime).call({} as never), TypeError, 'getTime of an object')
    },
    'Function.prototype.call and apply': (wrap) => {
      const self = wrap(Function.prototype.call).call(hostFunction as AnyFunction, undefined, 'a')
      same(self, 'A', 'call')
      same(wrap(Function.prototype.apply).call(Math.max, null, [1, 2]), 2, 'apply')
    },
    'JSON.parse and JSON.stringify': (wrap) => {
      same(wrap(JSON.parse as (text: string) => { id: number })('{"id":1}').id, 1, 'what was parsed')
      const revived = wrap(JSON.parse)('{"id":1}', (key, value) => (key === 'id' ? 5 : value)) as { id: number }
      same(revived.id, 5, 'what a reviver made of it')
      same(wrap(JSON.stringify)({ id: 1 }, null, 0), '{"id":1}', 'the text')
    },
    'Date as a function and as a class': (wrap) => {
      const Wrapped = wrap(Date)
      same(typeof Wrapped(), 'string', 'the type of Date()')
      same(new Wrapped(5).getTime(), 5, 'the time of new Date(5)')
      same(Wrapped.UTC(1970, 0), 0, 'Date.UTC')
    },
    'Array, Object and Error as functions and as classes': (wrap) => {
      items([wrap(Array)(3).length, new (wrap(Array))(3).length], [3, 3], 'length of arrays')
      const kept = {}
      items([wrap(Object)(kept), new (wrap(Object))(kept)], [kept, kept], 'objects')
      isA(wrap(Error)('no'), Error, 'Error()')
      same(new (wrap(RangeError))('no', { cause: kept }).cause, kept, 'the cause')
    },
    'Symbol and BigInt cannot be constructed': (wrap) => {
      const [MakeSymbol, MakeBigInt] = [wrap(Symbol), wrap(BigInt)]
      items([typeof MakeSymbol('x'), MakeBigInt(2), MakeSymbol.iterator], ['symbol', 2n, Symbol.iterator], 'results')
      throwsA(() => new (MakeSymbol as unknown as new () => unknown)(), TypeError, 'new Symbol')
      throwsA(() => new (MakeBigInt as unknown as new () => unknown)(), TypeError, 'new BigInt')
    },
    'Promise as a class, with its statics': async (wrap) => {
      const Wrapped = wrap(Promise)
      const made = new Wrapped<number>((resolve) => resolve(4))
      isA(made, Promise, 'the promise')
      items([await made, await Wrapped.resolve(5), await wrap(Promise.resolve).call(Promise, 6)], [4, 5, 6], 'values')
      throwsA(() => (Wrapped as unknown as AnyFunction)(() => 0), TypeError, 'Promise() without new')
    },
    'functions that refuse a foreign this': (wrap) => {
      const call = wrap(hostFunction)
      same(call('a'), 'A', 'a plain call')
      throwsA(() => ({ call }).call('a'), TypeError, 'as a method of something else')
    },
    'functions of the host': async (wrap) => {
      same(wrap(atob)('aGk='), 'hi', 'atob')
      isA(new (wrap(URL))('https://example.com/a'), URL, 'new URL')
      items(wrap(structuredClone as <T>(value: T) => T)([1, 2]), [1, 2], 'structuredClone')
      await new Promise<void>((resolve) => wrap(queueMicrotask)(resolve))
      items(
        await new Promise<unknown[]>((resolve) => wrap(setTimeout)((...rest: unknown[]) => resolve(rest), 1, 'a', 2)),
        ['a', 2],
        'setTimeout'
      )
    },
    'a Proxy of a function runs its traps': (wrap) => {
      const seen: string[] = []
      const proxy = new Proxy(function (this: object) {}, {
        apply: (_target, self, rest) => [self, ...rest],
        construct: (_target, rest) => ({ rest }),
        get: (target, key, receiver) => (key === 'extra' ? seen.push('get') : Reflect.get(target, key, receiver))
      }) as unknown as AnyFunction & { extra: number; new (...rest: unknown[]): { rest: unknown[] } }
      const wrapped = wrap(proxy)
      items(wrapped.call('self', 1, 2) as unknown[], ['self', 1, 2], 'apply')
      items(new wrapped(1, 2).rest, [1, 2], 'construct')
      same(wrapped.extra, 1, 'get')
    },
    'a revoked Proxy of a function throws when called': (wrap) => {
      const { proxy, revoke } = Proxy.revocable((one: number) => one, {})
      const wrapped = wrap(proxy)
      same(wrapped(1), 1, 'before')
      revoke()
      throwsA(() => wrapped(1), TypeError, 'after')
    },
    'a Proxy whose get trap throws can be wrapped': (wrap) => {
      const refuse = (): never => {
        throw new Error('trapped')
      }
      same(wrap(new Proxy((one: number) => one, { get: refuse, getOwnPropertyDescriptor: refuse }))(3), 3, 'the result')
      throwsSame(wrap(new Proxy(() => 1, { apply: () => raise('apply') })), 'apply', 'the apply trap')
    }
  }
}
