import { type Callable, type WrapOptions, wrap } from '../../src/index.ts'
import { assert, exactly, type Same } from './_assert.ts'

// The type that comes back is the type that went in.
function add(one: number, two: number): number {
  return one + two
}
exactly<typeof add>()(wrap(add))
exactly<typeof add>()(wrap(add, 'add'))
exactly<typeof add>()(wrap(add, { name: 'add', level: 'info', sample: 0.5, params: ['one', 'two'] }))
exactly<number>()(wrap(add)(1, 2))
// @ts-expect-error: arguments are checked
wrap(add)('1', 2)
// @ts-expect-error: so is their number
wrap(add)(1)
// @ts-expect-error: an object cannot be wrapped
wrap({})
// @ts-expect-error: nor can nothing
wrap()
// @ts-expect-error: there is no such option
wrap(add, { title: 'add' })
// @ts-expect-error: there is no such level
wrap(add, { level: 'loud' })
// @ts-expect-error: a name is a string
wrap(add, 7)

// Overloads
interface Parse {
  (text: string): object
  (text: string, strict: true): object | undefined
  (bytes: Uint8Array): number
}
declare const parse: Parse
const parsed = wrap(parse)
exactly<Parse>()(parsed)
exactly<object>()(parsed('{}'))
exactly<object | undefined>()(parsed('{}', true))
exactly<number>()(parsed(new Uint8Array()))
// @ts-expect-error: none of the overloads
parsed(7)

// Generics
const first = wrap(<Item>(list: readonly Item[]): Item | undefined => list[0])
exactly<string | undefined>()(first(['a']))
exactly<number | undefined>()(first([1]))
const pick = wrap(<T extends object, K extends keyof T>(value: T, key: K): T[K] => value[key])
exactly<number>()(pick({ id: 1 }, 'id'))
// @ts-expect-error: not a key of it
pick({ id: 1 }, 'name')

// Optional and rest parameters
const greet = wrap((name: string, greeting?: string, ...more: number[]): string => `${greeting} ${name} ${more}`)
assert<Same<Parameters<typeof greet>, [name: string, greeting?: string, ...more: number[]]>>()
greet('Ada')
greet('Ada', undefined, 1, 2)
// @ts-expect-error: the rest are numbers
greet('Ada', 'hi', 'there')

// `this`
interface Counter {
  count: number
}
const increase = wrap(function (this: Counter, by: number): number {
  this.count += by
  return this.count
})
assert<Same<ThisParameterType<typeof increase>, Counter>>()
exactly<number>()(increase.call({ count: 1 }, 2))
// @ts-expect-error: it has to be called on a counter
increase(1)
const counter = { count: 0, increase }
exactly<number>()(counter.increase(1))

// Properties of the function
const tagged = wrap(Object.assign((text: string) => text, { version: 3, tags: ['a'] }))
exactly<number>()(tagged.version)
exactly<string[]>()(tagged.tags)
exactly<string>()(tagged('text'))

// Literal, branded, `never` and `unknown` results
exactly<'on' | 'off'>()(wrap((value: boolean): 'on' | 'off' => (value ? 'on' : 'off'))(true))
exactly<never>()(
  wrap((): never => {
    throw new Error('always')
  })()
)
exactly<unknown>()(wrap((value: unknown): unknown => value)(1))

// What can be wrapped, and how
assert<Same<Parameters<typeof wrap>[1], string | WrapOptions | undefined>>()
assert<typeof add extends Callable ? true : false>()
declare const either: ((one: string) => number) | (new (one: string) => Date)
exactly<typeof either>()(wrap(either))
