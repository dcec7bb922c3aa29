import { items, ok, raise, same, throwsSame } from './assert.ts'
import type { AnyFunction, Callable, Group, Wrap } from './case.ts'

/** Every shape of parameter list returns what it was given, and how many. */
const shapes: Record<string, () => AnyFunction> = {
  'no parameters': () =>
    function () {
      // biome-ignore lint: `arguments` is the point
      return [arguments.length, ...arguments]
    },
  'one parameter': () =>
    function (_one: unknown) {
      // biome-ignore lint: `arguments` is the point
      return [arguments.length, ...arguments]
    } as AnyFunction,
  'two parameters': () =>
    function (_one: unknown, _two: unknown) {
      // biome-ignore lint: `arguments` is the point
      return [arguments.length, ...arguments]
    } as AnyFunction,
  'four parameters': () =>
    function (_one: unknown, _two: unknown, _three: unknown, _four: unknown) {
      // biome-ignore lint: `arguments` is the point
      return [arguments.length, ...arguments]
    } as AnyFunction,
  'nine parameters': () =>
    function (_1: 1, _2: 1, _3: 1, _4: 1, _5: 1, _6: 1, _7: 1, _8: 1, _9: 1) {
      // biome-ignore lint: `arguments` is the point
      return [arguments.length, ...arguments]
    } as unknown as AnyFunction,
  'a rest parameter':
    () =>
    (...rest) => [rest.length, ...rest]
}

function passesAll(wrap: Wrap, fn: AnyFunction): void {
  const wrapped = wrap(fn)
  for (const count of [0, 1, 2, 3, 4, 5, 8, 9, 20, 300]) {
    const given = Array.from({ length: count }, (_, index) => ({ index }))
    items(wrapped(...given) as unknown[], [count, ...given], `${count} arguments`)
  }
}

interface Read {
  (one?: number, two?: number): unknown
}

export const args: Group = {
  name: 'arguments',
  checks: {
    ...Object.fromEntries(
      Object.entries(shapes).map(([name, make]) => [
        `reach a function of ${name}`,
        (wrap: Wrap) => passesAll(wrap, make())
      ])
    ),
    'that are missing differ from undefined': (wrap) => {
      const count = wrap(shapes['two parameters']())
      items([(count() as unknown[])[0], (count(undefined) as unknown[])[0]], [0, 1], 'arguments.length')
      same((count(undefined, undefined, undefined) as unknown[])[0], 3, 'arguments.length of three times undefined')
    },
    'that are missing or undefined get their defaults': (wrap) => {
      const read = wrap(((one = 1, two = one + 1) => `${one} ${two}`) as Read)
      items([read(), read(5), read(undefined, 7), read(5, undefined)], ['1 2', '5 6', '1 7', '5 6'], 'results')
    },
    'defaults are evaluated at each call, with this': (wrap) => {
      let fresh = 0
      const read = wrap(function (this: unknown, self = this, id = ++fresh) {
        return [self, id]
      })
      const owner = { read }
      items(owner.read(), [owner, 1], 'first call')
      items(owner.read('me'), ['me', 2], 'second call')
    },
    'a default that throws throws': (wrap) => {
      const fail = wrap((given = raise('missing')) => given)
      throwsSame(() => fail(), 'missing', 'the call')
      same(fail('there'), 'there', 'the call with an argument')
    },
    'are destructured': (wrap) => {
      const read = wrap(({ id, ...rest }: Record<string, number>, [first, ...others]: number[] = []) => [
        id,
        Object.keys(rest).join(),
        first,
        others.length
      ])
      items(read({ id: 1, two: 2 }, [3, 4, 5]), [1, 'two', 3, 2], 'results')
    },
    'fill a rest parameter with a fresh array': (wrap) => {
      const collect = wrap((...rest: unknown[]) => rest)
      const given = [1, 2]
      const rest = collect(...given)
      items(rest, given, 'rest')
      ok(rest !== given && collect(...given) !== rest, 'another array at each call')
      items(collect.apply(null, given).concat(3), [1, 2, 3], 'it can be extended')
      same(given.length, 2, 'length of the list that was applied')
    },
    'may be ten thousand': (wrap) => {
      const many = Array.from({ length: 10_000 }, (_, index) => index)
      same(wrap((...rest: number[]) => rest.length)(...many), 10_000, 'their count')
      same(
        wrap(Math.max as (one: number, two: number, ...rest: number[]) => number).apply(null, many as never),
        9_999,
        'Math.max'
      )
    },
    'may come from an array-like object': (wrap) => {
      const list = { length: 3, 0: 'zero', 2: 'two' }
      items(wrap((...rest: unknown[]) => rest).apply(null, list as never), ['zero', undefined, 'two'], 'arguments')
    },
    'of a tagged template are the very strings of the site': (wrap) => {
      const tag = wrap((strings: TemplateStringsArray, ...values: unknown[]) => ({ strings, values }))
      const site = (value: unknown): ReturnType<typeof tag> => tag`a\n${value}b${2}`
      const [first, second] = [site(1), site(3)]
      same(first.strings, second.strings, 'the strings of two runs of one site')
      items(first.strings, ['a\n', 'b', ''], 'the strings')
      items(first.strings.raw, ['a\\n', 'b', ''], 'the raw strings')
      ok(Object.isFrozen(first.strings), 'they are frozen')
      items([...first.values, ...second.values], [1, 2, 3, 2], 'the values')
    },
    'of String.raw as a tag': (wrap) => same(wrap(String.raw)`a\n${1}`, 'a\\n1', 'the text'),
    'may be symbols, and the function may live under a symbol': (wrap) => {
      const key = Symbol('key')
      const owner = { [key]: wrap((name: symbol) => ({ [name]: name })) }
      const made = owner[key](key)
      items(Reflect.ownKeys(made), [key], 'own keys')
      same(made[key], key, 'the value')
    },
    'reach the constructor of a class in any number': (wrap) => {
      const Wrapped = wrap(
        class {
          given: unknown[]
          constructor(_one?: unknown, _two?: unknown) {
            // biome-ignore lint: `arguments` is the point
            this.given = [...arguments]
          }
        } as Callable as new (
          ...rest: unknown[]
        ) => { given: unknown[] }
      )
      for (const list of [[], [1], [1, 2], [1, 2, 3, 4]]) items(new Wrapped(...list).given, list, 'arguments')
    }
  }
}
