import { items, raise, rejectsSame, same, throwsSame } from './assert.ts'
import type { Group } from './case.ts'

export const callbacks: Group = {
  name: 'as callbacks',
  checks: {
    'of map, filter, reduce, flatMap and find': (wrap) => {
      const list = [3, 1, 2]
      items(list.map(wrap((value, index, all) => (all === list ? value * index : 0))), [0, 1, 4], 'map')
      items(list.filter(wrap((value: number) => value > 1)), [3, 2], 'filter')
      same(
        list.reduce(
          wrap((sum: number, value: number) => sum + value),
          0
        ),
        6,
        'reduce'
      )
      items(list.flatMap(wrap((value: number) => [value, value])), [3, 3, 1, 1, 2, 2], 'flatMap')
      same(
        list.find(
          wrap(function (this: unknown) {
            return this === list
          }),
          list
        ),
        3,
        'find, with this'
      )
    },
    'of sort': (wrap) => {
      items([3, 1, 2].sort(wrap((one: number, two: number) => one - two)), [1, 2, 3], 'the list')
      throwsSame(() => [2, 1].sort(wrap(() => raise('compare'))), 'compare', 'sort')
    },
    'of replace, Array.from and JSON': (wrap) => {
      same(
        'a1b2'.replace(
          /\d/g,
          wrap((digit: string) => `<${digit}>`)
        ),
        'a<1>b<2>',
        'replace'
      )
      items(
        Array.from(
          { length: 2 },
          wrap((_: unknown, index: number) => index)
        ),
        [0, 1],
        'Array.from'
      )
      same(JSON.stringify({ id: 1, at: { toJSON: wrap(() => 'now') } }), '{"id":1,"at":"now"}', 'toJSON')
      same(
        JSON.parse(
          '[1,2]',
          wrap((key: string, value: unknown) => (key === '0' ? 5 : value))
        )[0],
        5,
        'a reviver'
      )
    },
    'of promises': async (wrap) => {
      same(await Promise.resolve(1).then(wrap((value: number) => value + 1)), 2, 'then')
      same(await Promise.reject('no').catch(wrap((reason: string) => `not ${reason}`)), 'not no', 'catch')
      same(await new Promise(wrap((resolve: (value: number) => void) => resolve(3))), 3, 'an executor')
      await rejectsSame(new Promise(wrap(() => raise('executor'))), 'executor', 'an executor that throws')
    },
    'of timers and microtasks': async (wrap) => {
      items(
        await new Promise<unknown[]>((resolve) => {
          setTimeout(
            wrap((...rest: unknown[]) => resolve(rest)),
            1,
            'a',
            'b'
          )
        }),
        ['a', 'b'],
        'arguments of a timer'
      )
      await new Promise<void>((resolve) => queueMicrotask(wrap(() => resolve())))
    },
    'of an event target, with its this': (wrap) => {
      const target = new EventTarget()
      const seen: unknown[] = []
      const listener = wrap(function (this: unknown, event: Event) {
        seen.push(this, event.type, event.defaultPrevented)
      })
      target.addEventListener('ping', listener)
      target.addEventListener('ping', listener)
      target.dispatchEvent(new Event('ping'))
      target.removeEventListener('ping', listener)
      target.dispatchEvent(new Event('ping'))
      items(seen, [target, 'ping', false], 'this and the event, once')
    },
    'as well-known symbols': (wrap) => {
      const value = {
        [Symbol.toPrimitive]: wrap((hint: string) => (hint === 'number' ? 42 : 'text')),
        [Symbol.iterator]: wrap(function* () {
          yield 1
        })
      }
      items([Number(value), `${value}`, ...value], [42, 'text', 1], 'values')
      const Even = class {
        static [Symbol.hasInstance] = wrap((given: unknown) => Number(given) % 2 === 0)
      }
      items([(2 as unknown) instanceof Even, (3 as unknown) instanceof Even], [true, false], 'instanceof')
      same(
        'abc'.replace({ [Symbol.replace]: wrap((text: string) => text.toUpperCase()) } as never, ''),
        'ABC',
        'replace'
      )
    },
    'as traps of a Proxy': (wrap) => {
      const proxy = new Proxy({} as Record<string, unknown>, {
        get: wrap((_target: Record<string, unknown>, key: PropertyKey) => key),
        has: wrap(() => true)
      })
      items([proxy.anything, 'nothing' in proxy], ['anything', true], 'get and has')
    },
    'as decorators do, in place of the methods of a class': (wrap) => {
      class Service {
        static ready = wrap(() => true)
        #name = 'service'
        load(): string {
          return this.#name
        }
      }
      Service.prototype.load = wrap(Service.prototype.load)
      class Special extends Service {
        override load(): string {
          return `special ${super.load()}`
        }
      }
      items(
        [new Service().load(), new Special().load(), Special.ready()],
        ['service', 'special service', true],
        'results'
      )
    }
  }
}
