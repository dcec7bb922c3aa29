import { wrapCatch } from '../../src/index.ts'
import { exactly } from './_assert.ts'

const parse = (text: string): { id: number } => JSON.parse(text)
const load = async (id: number): Promise<string> => String(id)

// A fallback of another type joins the result.
exactly<{ id: number } | null>()(wrapCatch(parse, { fallback: null })('{}'))
exactly<{ id: number } | undefined>()(wrapCatch(parse, { fallback: undefined })('{}'))
exactly<{ id: number } | undefined>()(wrapCatch(parse, {})('{}'))
exactly<{ id: number } | string>()(wrapCatch(parse, { fallback: 'none' as string })('{}'))

// One of the same type leaves the type as it is.
exactly<typeof parse>()(wrapCatch(parse, { fallback: { id: 0 } }))
exactly<typeof load>()(wrapCatch(load, { fallback: '' as string }))
interface Find {
  (id: number): string
  (name: string): string
}
declare const find: Find
exactly<Find>()(wrapCatch(find, { fallback: 'nobody' }))

// So does a function that makes it, from the error and the arguments.
exactly<typeof parse>()(wrapCatch(parse, { fallback: (error, text) => ({ id: String(error).length + text.length }) }))
exactly<{ id: number } | Error>()(wrapCatch(parse, { fallback: (error: unknown) => new Error(String(error)) })('{}'))
wrapCatch(parse, {
  fallback: (error) => {
    exactly<unknown>()(error)
    return null
  }
})

// Promises: the fallback is what is awaited.
exactly<Promise<string | null>>()(wrapCatch(load, { fallback: null })(1))
exactly<string | number>()(await wrapCatch(load, { fallback: () => 7 as number })(1))
exactly<string | number>()(await wrapCatch(load, { fallback: async () => 7 as number })(1))

// Parameters, `this`, optional and rest parameters stay.
const join = wrapCatch((one: string, two?: string, ...rest: string[]): string => [one, two, ...rest].join(), {
  fallback: null
})
exactly<(one: string, two?: string, ...rest: string[]) => string | null>()(join)
// @ts-expect-error: arguments are checked
join(1)
const read = wrapCatch(
  function (this: { id: number }, by: number): number {
    return this.id + by
  },
  { fallback: null }
)
exactly<number | null>()(read.call({ id: 1 }, 2))
// @ts-expect-error: `this` is checked
read(1)

// The other options are those of wrap.
wrapCatch(parse, { fallback: null, name: 'parse', level: 'info', redact: ['password'] })
// @ts-expect-error: there is no such option
wrapCatch(parse, { fallbak: null })
