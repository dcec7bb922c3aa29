import { wrap } from '../../src/index.ts'
import { assert, exactly, type Same } from './_assert.ts'

const load = wrap(async (id: number, fresh = false): Promise<{ id: number; fresh: boolean }> => ({ id, fresh }))
exactly<Promise<{ id: number; fresh: boolean }>>()(load(1))
exactly<{ id: number; fresh: boolean }>()(await load(1, true))
assert<Same<Awaited<ReturnType<typeof load>>['id'], number>>()
// @ts-expect-error: a promise is not its value
load(1).id

// Subclasses of Promise and thenables stay what they are.
class Query<T> extends Promise<T> {
  explain(): string {
    return 'plan'
  }
}
const query = wrap((text: string): Query<number> => Query.resolve(text.length) as Query<number>)
exactly<Query<number>>()(query('select'))
exactly<string>()(query('select').explain())
declare function lazily(): PromiseLike<number>
exactly<PromiseLike<number>>()(wrap(lazily)())

// Sometimes a promise
const maybe = wrap((wait: boolean): number | Promise<number> => (wait ? Promise.resolve(1) : 1))
exactly<number | Promise<number>>()(maybe(true))

// Generators: yielded, returned and sent types
const count = wrap(function* (to: number): Generator<number, string, boolean | undefined> {
  for (let id = 0; id < to; id++) if (yield id) return 'stopped'
  return 'done'
})
exactly<Generator<number, string, boolean | undefined>>()(count(3))
for (const id of count(3)) exactly<number>()(id)
const step = count(3).next(true)
if (step.done) exactly<string>()(step.value)
else exactly<number>()(step.value)
// @ts-expect-error: it is sent booleans
count(3).next('go on')

const feed = wrap(async function* (): AsyncGenerator<string, void, undefined> {
  yield 'a'
})
exactly<AsyncGenerator<string, void, undefined>>()(feed())
for await (const text of feed()) exactly<string>()(text)

// Overloads that are async
interface Read {
  (path: string): Promise<Uint8Array>
  (path: string, encoding: 'utf8'): Promise<string>
}
declare const read: Read
exactly<Uint8Array>()(await wrap(read)('a'))
exactly<string>()(await wrap(read)('a', 'utf8'))
