import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger, type Entry, withContext } from '../../src/index.ts'
import { wrapBindings } from '../../src/workers/index.ts'
import { rejection } from './_fakes.ts'

const bindingCalls = suite('workers/wrapBindings')

/** Bindings are told apart by the runtime's name of their class. */
function bindingOf<Members extends object>(className: string, members: Members): Members {
  const Class = function (this: object): void {} as unknown as new () => object
  Object.defineProperty(Class, 'name', { value: className })
  Object.assign(Class.prototype, members)
  return new Class() as Members
}

function wrappedBindings<Env extends object>(env: Env): { env: Env; told(): string[]; entries(): Entry[] } {
  const logger = createLogger({})
  const entries = (): Entry[] => logger.dump()
  return {
    env: wrapBindings(env, { logger }),
    entries,
    told: () =>
      entries().map(({ functionName, module, args, returnValue, exception }) =>
        [functionName, module, JSON.stringify(args), exception ?? JSON.stringify(returnValue)].join(' ')
      )
  }
}

bindingCalls('variables, secrets and unknown bindings stay as they are; the same env is wrapped once', () => {
  const other = bindingOf('SecretsStoreSecret', { get: async () => 'secret' })
  const env = { NAME: 'shop', KEY: 'k-1', OTHER: other, NONE: null }
  const logger = createLogger({})
  const wrapped = wrapBindings(env, { logger })
  assert.equal({ ...wrapped }, env)
  assert.is(wrapped.OTHER, other)
  assert.is(wrapBindings(env, { logger }), wrapped)
  assert.is.not(wrapBindings(env, { logger: createLogger({}) }), wrapped)
})

bindingCalls('gives what the binding gives, and throws what it throws', async () => {
  const value = { deep: true }
  const problem = new Error('KV is down')
  const { env, told } = wrappedBindings({
    CACHE: bindingOf('KvNamespace', {
      get: async (key: string, _type?: string): Promise<unknown> => {
        if (key === 'bad') throw problem
        return value
      }
    })
  })
  assert.is(await env.CACHE.get('good', 'json'), value)
  assert.is(await rejection(env.CACHE.get('bad')), problem)
  assert.equal(told(), ['CACHE.get kv ["good"] {}', 'CACHE.get kv ["bad"] KV is down'])
})

bindingCalls('Vectorize, AI and Analytics Engine: how many and which model, never what', async () => {
  const vector = [0.123456789, 0.5]
  const points: unknown[] = []
  const { env, told, entries } = wrappedBindings({
    INDEX: bindingOf('VectorizeIndexImpl', {
      query: async (_: number[], __: { topK: number }) => ({ matches: [{ id: 'a' }, { id: 'b' }] }),
      upsert: async (_: object[]) => ({ mutationId: 'm' })
    }),
    AI: bindingOf('Ai', { run: async (_: string, __: object) => ({ response: 'tea', usage: { total_tokens: 9 } }) }),
    CALLS: bindingOf('AnalyticsEngine', { writeDataPoint: (point: object): void => void points.push(point) })
  })
  await env.INDEX.query(vector, { topK: 2 })
  await env.INDEX.upsert([{ id: 'a', values: vector }])
  assert.is((await env.AI.run('@cf/some/model', { prompt: 'what does ann drink?' })).response, 'tea')
  env.CALLS.writeDataPoint({ blobs: ['ann'] })
  assert.equal(told(), [
    'INDEX.query vectorize [2] {"rows":2}',
    'INDEX.upsert vectorize [1] {"rows":1}',
    'AI.run ai ["@cf/some/model"] {"usage":{"total_tokens":9}}',
    'CALLS.writeDataPoint analytics-engine [] {"rows":1}'
  ])
  assert.not.match(JSON.stringify(entries()), /0\.123456789|ann|"tea"/)
  assert.equal(points, [{ blobs: ['ann'] }])
})

bindingCalls('D1: a batch gets the statements themselves, and what is bound stays out', async () => {
  const statement = (sql: string): object =>
    bindingOf('D1PreparedStatement', {
      sql,
      bind: (..._: unknown[]) => statement(sql),
      run: async () => ({ meta: { changes: 1 } })
    })
  let given: object[] = []
  const { env, told } = wrappedBindings({
    DB: bindingOf('D1Database', {
      prepare: statement,
      batch: async (statements: object[]) => {
        given = statements
        return [{ results: [1, 2] }, { meta: { changes: 3, rows_written: 15 } }]
      }
    })
  })
  const prepared = env.DB.prepare('INSERT INTO t VALUES (?)') as { bind(value: string): { run(): Promise<unknown> } }
  const bound = prepared.bind('hunter2')
  await bound.run()
  await env.DB.batch([bound, prepared])
  assert.equal(
    given.map((one) => Object.getPrototypeOf(one).constructor.name),
    ['D1PreparedStatement', 'D1PreparedStatement']
  )
  // A proxy would give a method of its own.
  assert.ok(given.every((one) => (one as { bind: unknown }).bind === Object.getPrototypeOf(one).bind))
  assert.equal(told(), [
    'DB.run d1 ["INSERT INTO t VALUES (?)"] {"rows":0,"changes":1,"read":0,"written":0}',
    'DB.batch d1 [2] {"rows":2,"changes":3,"read":0,"written":15}'
  ])
})

bindingCalls('a service: requests by method and path, other methods as calls', async () => {
  const { env, told } = wrappedBindings({
    SHOP: bindingOf('Fetcher', {
      fetch: async (_: string | Request, __?: object) => new Response('sold', { status: 202 }),
      price: async (sku: string) => ({ sku, total: 9 })
    })
  })
  assert.is(await (await env.SHOP.fetch('https://shop.example/buy?token=1', { method: 'POST' })).text(), 'sold')
  await env.SHOP.fetch(new Request('https://shop.example/look'))
  assert.equal(await env.SHOP.price('tea'), { sku: 'tea', total: 9 })
  assert.equal(told().slice(0, 2), [
    'SHOP.fetch service ["POST","/buy"] {"status":202}',
    'SHOP.fetch service ["GET","/look"] {"status":202}'
  ])
  assert.match(told()[2], 'SHOP.price service ["tea"]')
})

bindingCalls('asked to, it sends the trace along, and changes nothing else of a request', async () => {
  const sent: Request[] = []
  const SHOP = bindingOf('Fetcher', {
    fetch: async (...args: ConstructorParameters<typeof Request>) => {
      sent.push(new Request(...args))
      return new Response()
    }
  })
  const logger = createLogger({})
  const env = wrapBindings({ SHOP }, { logger, traceparent: true })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const url = 'https://shop.example/buy'
  await env.SHOP.fetch(url)
  await withContext({ traceparent }, () => env.SHOP.fetch(url, { method: 'POST', body: 'tea', headers: { a: 'b' } }))
  await withContext({ traceparent }, () => env.SHOP.fetch(new Request(url, { headers: { traceparent: 'own' } })))
  assert.equal(
    sent.map(({ headers }) => headers.get('traceparent')?.slice(0, 35) ?? null),
    [null, traceparent.slice(0, 35), 'own']
  )
  assert.is.not(sent[1].headers.get('traceparent'), traceparent)
  assert.equal([sent[1].method, sent[1].headers.get('a'), await sent[1].text()], ['POST', 'b', 'tea'])
})

bindingCalls.run()
