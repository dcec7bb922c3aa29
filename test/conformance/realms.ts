import { isA, items, ok, ownKeys, rejectsSame, same, throwsSame } from './assert.ts'
import type { Check, Group, Host, Wrap } from './case.ts'
import { everywhere } from './hostile.ts'

type Realm = typeof globalThis

function of(host: Host): Realm {
  return (host.realm as () => Realm)()
}

const values: Record<string, (realm: Realm) => unknown> = {
  'an object': (realm) => new realm.Object(),
  'an array': (realm) => new realm.Array(1, 2, 3),
  'an error': (realm) => new realm.TypeError('foreign'),
  'an AggregateError': (realm) => new realm.AggregateError([new realm.Error('one')]),
  'a Map': (realm) => new realm.Map([[1, 2]]),
  'a Set': (realm) => new realm.Set([1]),
  'a Date': (realm) => new realm.Date(0),
  'a RegExp': (realm) => new realm.RegExp('a', 'g'),
  'a typed array': (realm) => new realm.Uint8Array(3),
  'a buffer': (realm) => new realm.ArrayBuffer(3),
  'a promise': (realm) => [realm.Promise.resolve(1)],
  'a boxed string': (realm) => new realm.String('text'),
  'a symbol of the registry': (realm) => realm.Symbol.for('registered'),
  'a function': (realm) => realm.Math.max,
  'a class': (realm) => realm.Map,
  'its globals': (realm) => realm
}

const passing: [string, Check][] = Object.entries(values).map(([name, make]) => [
  `${name} passes everywhere`,
  (wrap: Wrap, host: Host) => everywhere(() => make(of(host)))(wrap, host)
])

export const realms: Group = {
  name: 'other realms',
  needs: 'crossRealm',
  checks: {
    ...Object.fromEntries(passing),
    'a function of another realm can be wrapped': (wrap, host) => {
      const realm = of(host)
      same(wrap(realm.Math.max)(1, 3), 3, 'the result')
      same(wrap(realm.parseInt).name, 'parseInt', 'name')
      ok(wrap(realm.Array.isArray)([1]), 'Array.isArray')
    },
    'a class of another realm can be wrapped and extended': (wrap, host) => {
      const realm = of(host)
      const Wrapped = wrap(realm.Map)
      class Table extends Wrapped<string, number> {}
      isA(new Wrapped(), realm.Map, 'the instance')
      same(new Table([['one', 1]]).get('one'), 1, 'the entry of a subclass')
    },
    'what a function of another realm throws comes back': (wrap, host) => {
      const realm = of(host)
      const error = new realm.RangeError('foreign')
      throwsSame(
        wrap(() => {
          throw error
        }),
        error,
        'the call'
      )
      try {
        wrap(realm.JSON.parse)('{')
      } catch (thrown) {
        isA(thrown, realm.SyntaxError, 'what JSON.parse threw')
      }
    },
    'a promise of another realm is returned as it is': async (wrap, host) => {
      const realm = of(host)
      const [good, bad] = [realm.Promise.resolve(1), realm.Promise.reject('no')]
      const give = wrap((given: Promise<unknown>) => given)
      same(give(good), good, 'the result')
      items([await good, ownKeys(good).length], [1, 0], 'its value and own keys')
      await rejectsSame(give(bad), 'no', 'the rejected one')
    }
  }
}
