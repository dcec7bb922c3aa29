import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger, type Entry, memorySink } from '../../src/index.ts'
import { wrapDurableObject, wrapWorker } from '../../src/workers/index.ts'
import { fakeContext, lab, rejection, requestTo } from './_fakes.ts'

const workerEvents = suite('workers/wrapWorker')
const pause = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

workerEvents('gives the handler back, changed in place, and a copy of one that cannot be changed', async () => {
  const { sink, logger } = lab()
  const own = { fetch: () => new Response('own'), other: 1 }
  assert.is(wrapWorker(own, { sinks: [sink], logger }), own)
  const frozen = Object.freeze({ fetch: () => new Response('frozen'), other: 2 })
  const copy = wrapWorker(frozen, { sinks: [sink], logger })
  assert.is.not(copy, frozen)
  assert.is(copy.other, 2)
  const call = copy.fetch as unknown as (...args: unknown[]) => Response
  assert.is(await call(requestTo('http://shop.example/'), {}, fakeContext()).text(), 'frozen')
})

workerEvents('calls the handler with its own this and arguments, and gives back what it gives', async () => {
  const { sink, logger, entries } = lab()
  const seen: unknown[] = []
  const response = new Response('tea', { status: 418 })
  const worker = {
    fetch(...args: unknown[]): Promise<Response> {
      seen.push(this, ...args)
      return Promise.resolve(response)
    }
  }
  wrapWorker(worker, { sinks: [sink], logger })
  const ctx = fakeContext()
  const [request, env] = [requestTo('http://shop.example/tea?milk=1'), { NAME: 'x' }]
  assert.is(await worker.fetch(request, env, ctx), response)
  assert.is(seen[0], worker)
  assert.is(seen[1], request)
  assert.is(seen[2], env)
  assert.is(seen[3], ctx)
  await ctx.over()
  const [entry] = entries()
  assert.is(entry.functionName, 'fetch')
  assert.equal(entry.args, ['GET', '/tea'])
  assert.equal(entry.params, ['method', 'path'])
  assert.is(entry.extra.status, 418)
  assert.is(entry.extra.method, 'GET')
  assert.is(entry.extra.path, '/tea')
  assert.is(entry.level, 'info')
})

workerEvents("continues the request's trace, and begins a new one for each other event", async () => {
  const { sink, logger, entries } = lab()
  const inner = logger.wrap(() => {}, 'innerOfEvent')
  const worker = wrapWorker({ fetch: async (_: Request) => (inner(), new Response()) }, { sinks: [sink], logger })
  const send = async (headers: Record<string, string>): Promise<void> => {
    const ctx = fakeContext()
    const fetch = worker.fetch as unknown as (...args: unknown[]) => Promise<Response>
    await fetch(requestTo('http://shop.example/', headers), {}, ctx)
    await ctx.over()
  }
  await send({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })
  await send({})
  await send({})
  const traces = entries().map(({ traceId }) => traceId)
  assert.is(traces[0], '0af7651916cd43dd8448eb211c80319c')
  assert.is(traces[1], traces[0])
  assert.is(entries()[0].extra.traceParent, 'b7ad6b7169203331')
  assert.is(new Set(traces).size, 3)
  const [innerEntry, event] = entries()
  assert.is(innerEntry.parentId, event.spanId)
})

workerEvents('delivers by waitUntil after the handler, and waits for nothing of its own', async () => {
  const { sink, logger, names } = lab()
  const worker = wrapWorker(
    {
      fetch: async (_: Request, __: object, ctx: { waitUntil(task: Promise<unknown>): void }) => {
        ctx.waitUntil(pause(5).then(afterwards))
        return new Response()
      }
    },
    { sinks: [sink], logger }
  )
  const afterwards = logger.wrap(() => {}, 'afterTheResponse')
  const ctx = fakeContext()
  const answer = worker.fetch(requestTo('http://shop.example/'), {}, ctx)
  await answer
  assert.equal(names(), [])
  await ctx.over()
  assert.equal(names(), ['fetch', 'afterTheResponse'])
  await pause(100)
  await ctx.over()
  // The handler's task, and two deliveries.
  assert.is(ctx.tasks.length, 3)
})

workerEvents('throws what the handler throws, sync or async, and delivers all the same', async () => {
  const { sink, logger, entries } = lab()
  const [early, late] = [new RangeError('early'), new TypeError('late')]
  const worker = {
    scheduled(): void {
      throw early
    },
    async queue(): Promise<void> {
      await null
      throw late
    }
  }
  wrapWorker(worker, { sinks: [sink], logger })
  const ctx = fakeContext()
  const call = worker as unknown as Record<string, (...args: unknown[]) => unknown>
  let thrown: unknown
  try {
    call.scheduled({ cron: '* * * * *' }, {}, ctx)
  } catch (error) {
    thrown = error
  }
  assert.is(thrown, early)
  assert.is(await rejection(call.queue({ queue: 'jobs', messages: [1, 2] }, {}, ctx) as Promise<unknown>), late)
  await ctx.over()
  assert.equal(
    entries().map(({ functionName, args, level, exception }) => [functionName, args, level, exception]),
    [
      ['scheduled', ['* * * * *'], 'error', 'early'],
      ['queue', ['jobs', 2], 'error', 'late']
    ]
  )
})

workerEvents('email and tail are events too; nothing of a mail is recorded but its size', async () => {
  const { sink, logger, entries } = lab()
  const worker = wrapWorker({ email: async () => {}, tail: async () => {} }, { sinks: [sink], logger })
  const ctx = fakeContext()
  const call = worker as unknown as Record<string, (...args: unknown[]) => Promise<void>>
  await call.email({ from: 'ann@example.com', to: 'bob@example.com', rawSize: 812 }, {}, ctx)
  await call.tail([{}, {}], {}, ctx)
  await ctx.over()
  assert.equal(
    entries().map(({ functionName, args }) => [functionName, args]),
    [
      ['email', [812]],
      ['tail', [2]]
    ]
  )
  assert.not.match(JSON.stringify(entries()), 'example.com')
})

workerEvents('a sink that fails harms nobody, and the next batch says what was lost', async () => {
  const { sink, logger, entries } = lab()
  let broken = true
  const shaky = {
    async write(): Promise<void> {
      if (broken) throw new Error('[nfo] [shaky] is down')
    }
  }
  const worker = wrapWorker({ fetch: async () => new Response() }, { sinks: [shaky, sink], logger })
  const send = async (): Promise<void> => {
    const ctx = fakeContext()
    await (worker.fetch as unknown as (...args: unknown[]) => unknown)(requestTo('http://shop.example/'), {}, ctx)
    await ctx.over()
  }
  await send()
  await send()
  broken = false
  await send()
  const said = entries().filter(({ module }) => module === 'nfo')
  assert.equal(
    said.map(({ extra }) => extra.missing),
    [1, 2]
  )
  assert.is(entries().filter(({ functionName }) => functionName === 'fetch').length, 3)
})

workerEvents('sinks are made for each event, from its env; a missing binding is no error of the app', async () => {
  const { logger } = lab()
  const made: unknown[] = []
  const worker = wrapWorker(
    { fetch: async (_: Request, env: { NAME: string }) => new Response(env.NAME) },
    {
      logger,
      sinks: (env, ctx) => {
        made.push(env, ctx)
        return [{ write() {} }]
      },
      fields: (request, env) => ({ route: request.url.slice(-3), tenant: env.NAME })
    }
  )
  for (const NAME of ['a', 'b']) {
    const [env, ctx] = [{ NAME }, fakeContext()]
    const call = worker.fetch as unknown as (...args: unknown[]) => Promise<Response>
    assert.is(await (await call(requestTo('http://shop.example/tea'), env, ctx)).text(), NAME)
    await ctx.over()
    assert.is(made.at(-2), env)
    assert.is(made.at(-1), ctx)
  }
  assert.is(made.length, 4)
})

workerEvents('records from its level on, with its own fields, environment and version', async () => {
  const { sink, logger, entries } = lab()
  const quiet = logger.wrap(() => {}, 'belowTheLevel')
  const told = logger.wrap((options: object) => options, { name: 'aboveTheLevel', level: 'warn' })
  const worker = wrapWorker(
    {
      fetch: async (_: Request) => {
        quiet()
        told({ name: 'ann' })
        return new Response()
      }
    },
    {
      sinks: [sink],
      logger,
      level: 'info',
      environment: 'live',
      version: '9',
      fields: () => ({ route: '/:id' })
    }
  )
  const ctx = fakeContext()
  await (worker.fetch as unknown as (...args: unknown[]) => unknown)(requestTo('http://shop.example/1'), {}, ctx)
  await ctx.over()
  assert.equal(
    entries().map(({ functionName, environment, version, extra }) => [functionName, environment, version, extra.route]),
    [
      ['aboveTheLevel', 'live', '9', '/:id'],
      ['fetch', 'live', '9', '/:id']
    ]
  )
})

workerEvents('an event without a context still runs; what it recorded goes with the next one', async () => {
  const { sink, logger, entries } = lab()
  const worker = wrapWorker({ fetch: async (_: Request) => new Response('bare') }, { sinks: [sink], logger })
  assert.is(await (await worker.fetch(requestTo('http://shop.example/one'))).text(), 'bare')
  await pause(20)
  const ctx = fakeContext()
  await (worker.fetch as unknown as (...args: unknown[]) => unknown)(requestTo('http://shop.example/two'), {}, ctx)
  await ctx.over()
  assert.equal(
    entries()
      .map(({ extra }) => extra.path)
      .sort(),
    ['/one', '/two']
  )
})

workerEvents('says what is wrong with its options', () => {
  const { sink } = lab()
  const worker = { fetch: () => new Response() }
  assert.throws(() => wrapWorker(worker, {} as never), "sinks is missing; pass a list such as [d1Sink('DB')]")
  assert.throws(() => wrapWorker(worker, { sinks: [sink], sink: 1 } as never), "did you mean 'sinks'?")
  assert.throws(() => wrapWorker(worker, { sinks: [], level: 'loud' } as never), "unknown level 'loud'")
  assert.throws(() => wrapDurableObject({} as never, { sinks: [] }), 'for a handler use wrapWorker')
})

class BaseOfObjects {
  readonly ctx: object
  readonly env: object
  constructor(ctx: object, env: object) {
    this.ctx = ctx
    this.env = env
  }
  inherited(): string {
    return 'inherited'
  }
}

class TillObject extends BaseOfObjects {
  static kind = 'till'
  #total = 0
  add(count: number): number {
    this.#total += count
    return this.#total
  }
  addTwice(count: number): number {
    this.add(count)
    return this.add(count)
  }
  async alarm(): Promise<void> {
    throw new Error('the alarm failed')
  }
  async fetch(request: Request): Promise<Response> {
    return new Response(new URL(request.url).pathname, { status: 202 })
  }
  _own(): number {
    return this.#total
  }
}

workerEvents('a Durable Object: RPC methods, alarm and fetch are events; the class stays what it was', async () => {
  const { sink, logger, entries } = lab()
  const Till = wrapDurableObject(TillObject, { sinks: [sink], logger })
  assert.is(Till.name, TillObject.name)
  assert.is(Till.kind, 'till')
  const ctx = fakeContext()
  const till = new Till(ctx, {})
  assert.ok(till instanceof TillObject)
  assert.is(till.add(2), 2)
  assert.is(till.inherited(), 'inherited')
  assert.is(till._own(), 2)
  assert.match(String(await rejection(till.alarm())), 'the alarm failed')
  assert.is((await till.fetch(requestTo('http://object/inside'))).status, 202)
  await ctx.over()
  const name = TillObject.name
  assert.equal(
    entries().map(({ functionName, args, exception, extra }) => [functionName, args, exception ?? extra.status ?? '']),
    [
      [`${name}.add`, [2], ''],
      [`${name}.inherited`, [], ''],
      [`${name}.alarm`, [], 'the alarm failed'],
      [`${name}.fetch`, ['GET', '/inside'], 202]
    ]
  )
  assert.is(new Set(entries().map(({ traceId }) => traceId)).size, 4)
})

workerEvents('what a method calls on its own object is part of its event', async () => {
  const { sink, logger, entries } = lab()
  const Till = wrapWorker(TillObject, { sinks: [sink], logger })
  const ctx = fakeContext()
  assert.is(new Till(ctx, {}).addTwice(3), 6)
  await ctx.over()
  const [first, ...others] = entries()
  const event = others.at(-1)
  assert.is(entries().length, 3)
  assert.is(first.traceId, event?.traceId)
  assert.is(first.parentId, event?.spanId)
})

workerEvents('two events at once each get their own entries', async () => {
  const { logger } = lab()
  const got: Record<string, string[]> = { a: [], b: [] }
  const work = logger.wrap(async (name: string) => pause(5).then(() => name), 'workOfEvent')
  const worker = wrapWorker(
    {
      fetch: async (_: Request, { NAME }: { NAME: string }) => {
        await work(NAME)
        return new Response()
      }
    },
    {
      logger,
      sinks: ({ NAME }) => [
        { write: (entries) => void got[NAME].push(...entries.map(({ functionName, args }) => functionName + args)) }
      ]
    }
  )
  const contexts = ['a', 'b'].map((NAME) => {
    const ctx = fakeContext()
    const call = worker.fetch as unknown as (...args: unknown[]) => Promise<Response>
    return call(requestTo(`http://shop.example/${NAME}`), { NAME }, ctx).then(() => ctx)
  })
  for (const ctx of await Promise.all(contexts)) await ctx.over()
  assert.equal(got.a.sort(), ['fetchGET,/a', 'workOfEventa'])
  assert.equal(got.b.sort(), ['fetchGET,/b', 'workOfEventb'])
})

workerEvents('a logger with sinks of its own hands over to the Worker, and back to nobody', async () => {
  const { sink, entries } = lab()
  const own = memorySink()
  const logger = createLogger({ sinks: [own] })
  const worker = wrapWorker({ fetch: async (_: Request) => new Response() }, { sinks: [sink], logger })
  const ctx = fakeContext()
  await (worker.fetch as unknown as (...args: unknown[]) => unknown)(requestTo('http://shop.example/'), {}, ctx)
  await ctx.over()
  await logger.flush()
  assert.is(entries().length, 1)
  assert.is(own.entries().length, 0)
  const { accepted, delivered, pending } = logger.stats()
  assert.equal([accepted, delivered, pending], [1, 0, 1])
})

workerEvents('fields that throw are left out, and the app does not see it', async () => {
  const { sink, logger, names } = lab()
  const worker = wrapWorker(
    { fetch: async (_: Request) => new Response('fine') },
    {
      sinks: [sink],
      logger,
      fields() {
        throw new Error('no fields')
      }
    }
  )
  const ctx = fakeContext()
  const call = worker.fetch as unknown as (...args: unknown[]) => Promise<Response>
  assert.is(await (await call(requestTo('http://shop.example/'), {}, ctx)).text(), 'fine')
  await ctx.over()
  assert.equal(names(), ['fetch'])
})

workerEvents('what a cancelled event recorded goes with another one, half a minute later', async () => {
  const { sink, logger, names } = lab()
  const work = logger.wrap(() => {}, 'workOfCancelled')
  const worker = wrapWorker(
    {
      fetch(request: Request): Promise<Response> {
        work()
        return request.url.endsWith('hang') ? new Promise(() => {}) : Promise.resolve(new Response())
      }
    },
    { sinks: [sink], logger }
  )
  const send = async (path: string): Promise<void> => {
    const ctx = fakeContext()
    const answer = (worker.fetch as unknown as (...args: unknown[]) => Promise<Response>)(
      requestTo(`http://shop.example/${path}`),
      {},
      ctx
    )
    if (path !== 'hang') await answer
    await ctx.over()
  }
  await send('hang')
  await send('soon')
  assert.equal(names(), ['workOfCancelled', 'fetch'])
  const { now } = Date
  Date.now = () => now() + 31_000
  try {
    await send('late')
  } finally {
    Date.now = now
  }
  assert.equal(names().slice(2).sort(), ['fetch', 'workOfCancelled', 'workOfCancelled'])
})

workerEvents('one event writes six times at most; the rest goes with the next', async () => {
  const { logger, sink, entries } = lab()
  let writes = 0
  const counting = { write: (batch: readonly Entry[]) => (writes++, sink.write(batch)) }
  const tick = logger.wrap((index: number) => index, 'tickOfTask')
  const worker = wrapWorker({ fetch: async (_: Request) => new Response() }, { sinks: [counting], logger })
  const call = worker.fetch as unknown as (...args: unknown[]) => Promise<Response>
  const ctx = fakeContext()
  await call(requestTo('http://shop.example/'), {}, ctx)
  for (let index = 0; index < 10; index++) {
    await ctx.over()
    ctx.waitUntil(Promise.resolve(index).then(tick))
  }
  await ctx.over()
  assert.is(writes, 6)
  const next = fakeContext()
  await call(requestTo('http://shop.example/next'), {}, next)
  await next.over()
  assert.is(writes, 7)
  assert.is(entries().length, 12)
})

workerEvents('more than the ring holds is kept for its event', async () => {
  const { sink, logger, entries } = lab()
  const many = logger.wrap((index: number) => index, 'manyInOne')
  const worker = wrapWorker(
    {
      scheduled(): void {
        for (let index = 0; index < 5000; index++) many(index)
      }
    },
    { sinks: [sink], logger }
  )
  const ctx = fakeContext()
  ;(worker.scheduled as unknown as (...args: unknown[]) => void)({ cron: '' }, {}, ctx)
  await ctx.over()
  assert.is(entries().length, 5001)
  assert.is(new Set(entries().map(({ sequence }) => sequence)).size, 5001)
})

workerEvents.run()
