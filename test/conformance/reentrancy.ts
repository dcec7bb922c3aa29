import { items, ok, raise, same, throwsSame } from './assert.ts'
import type { Group } from './case.ts'

export const reentrancy: Group = {
  name: 're-entrancy',
  checks: {
    'a getter of an argument or a result may call wrapped functions': (wrap) => {
      const inner = wrap((given: unknown) => [given])
      const value = {
        get live() {
          return inner(this)
        }
      }
      same(wrap((given: unknown) => given)(value), value, 'the result')
      throwsSame(() => wrap(raise)(value), value, 'the call')
    },
    'a getter of an argument may call the same function with the same argument': (wrap) => {
      let reads = 0
      const same1 = (): unknown => (++reads > 2_000 ? raise('read without end') : echo(value))
      const value = Object.defineProperties(
        {},
        {
          one: { get: same1, enumerable: true },
          two: { get: same1, enumerable: true }
        }
      )
      const echo: (given: unknown) => unknown = wrap((given: unknown) => given)
      same(echo(value), value, 'the result')
      ok(reads <= 2_000, 'the getters are not read without end')
    },
    'the traps of a Proxy may call wrapped functions': (wrap) => {
      const note = wrap((trap: string) => trap)
      const handler = new Proxy({}, { get: (_target, trap) => void note(String(trap)) })
      const value = new Proxy({ id: 1 }, handler)
      same(wrap((given: unknown) => given)(value), value, 'the result')
    },
    'toString and valueOf of an argument may call wrapped functions': (wrap) => {
      const text = wrap(() => 'text')
      const value = { toString: () => text(), valueOf: wrap(() => 7), toJSON: wrap(() => 'json') }
      const use = wrap((given: unknown) => [`${given}`, Number(given), JSON.stringify(given)])
      items(use(value), ['text', 7, '"json"'], 'results')
    },
    'a wrapped function may wrap, and call what it wrapped': (wrap) => {
      const outer = wrap((given: number) => wrap((more: number) => given + more))
      same(outer(1)(2), 3, 'the result')
      const nested = wrap(() => wrap(() => wrap(() => 'deep')())())
      same(nested(), 'deep', 'the result of three levels')
    },
    'a wrapped function may throw in a getter that is read inside': (wrap) => {
      const fail = wrap(() => raise('getter'))
      const read = wrap((given: { id: unknown }) => given.id)
      const value = Object.defineProperty({ id: 0 }, 'id', { get: fail })
      throwsSame(() => read(value), 'getter', 'the call')
    },
    'a wrapped function may replace itself': (wrap) => {
      const owner = {
        load: wrap((): string => {
          owner.load = wrap(() => 'second')
          return 'first'
        })
      }
      items([owner.load(), owner.load()], ['first', 'second'], 'results')
    },
    'two wrapped functions may hand over in the middle of an await': async (wrap) => {
      const log: string[] = []
      const run = wrap(async (id: string) => {
        log.push(`${id}1`)
        await undefined
        log.push(`${id}2`)
        return wrap(() => log.push(`${id}3`))()
      })
      await Promise.all([run('a'), run('b')])
      same(log.join(), 'a1,b1,a2,a3,b2,b3', 'the order')
    }
  }
}
