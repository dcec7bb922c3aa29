import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { withContext, withSink } from '../../src/context.ts'
import { followBody, wrapFetch, wrapRoutes } from '../../src/http/index.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { failing, gathering, lab } from '../core/_lab.ts'
import { assertApart, HEADER, onlyRoot } from './_checks.ts'

const test = suite('http: fetch')

const URL_OF = 'https://shop.example'
const pause = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
let lasting = false

// A Worker's module takes a moment.
test.before(async () => {
  withContext({}, () => {})
  await pause()
  lasting = runtime.storage() !== undefined
})

const ask = (path: string, init?: RequestInit): Request => new Request(URL_OF + path, init)

test('one entry a request, with children below it', async () => {
  const { logger, fresh } = lab()
  const find = logger.wrap((id: string) => id, 'find')
  const answer = new Response('tea', { status: 201, headers: { 'content-length': '3' } })
  const handle = wrapFetch(
    async (request: Request) => {
      find(request.url)
      logger.info('found', { own: 1 })
      return answer
    },
    { logger, route: ({ path }) => path.replace(/\d+/, ':id') }
  )
  const headers = { traceparent: HEADER, 'x-request-id': 'abc-1', 'user-agent': 'someone' }
  assert.is(await handle(ask('/tea/7?size=big&token=t0psecret', { headers, method: 'POST' })), answer)
  const entries = fresh()
  const root = onlyRoot(entries)
  assert.is(root.functionName, 'POST /tea/:id')
  assert.is(root.level, 'info')
  assert.equal(root.args, ['/tea/7?size=big&token=[REDACTED]'])
  assert.equal(root.params, ['url'])
  assert.is(root.returnValue, 201)
  assert.is(root.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
  const { traceSpan, ...extra } = root.extra
  assert.equal(extra, {
    requestId: 'abc-1',
    method: 'POST',
    route: '/tea/:id',
    status: 201,
    bytes: 3,
    traceParent: '00f067aa0ba902b7'
  })
  assert.not.match(JSON.stringify(entries), /someone|t0psecret/)
  const below = entries.filter((entry) => entry !== root)
  assert.is(below.length, 2)
  for (const entry of below) {
    assert.is(entry.parentId, root.spanId)
    assert.is(entry.traceId, root.traceId)
    assert.is(entry.extra.requestId, 'abc-1')
    assert.is(entry.extra.route, '/tea/:id')
    assert.is(entry.extra.status, undefined)
  }
  assert.is(below.find(({ kind }) => kind === 'message')?.functionName, 'POST /tea/:id')
})

test('a handler that answers at once does so', () => {
  const { logger, fresh } = lab()
  const answer = new Response(null, { status: 204 })
  const server = { name: 'server' }
  const own = {
    server,
    handle: wrapFetch(
      function (this: unknown, _: Request, more: object) {
        assert.is(this, own)
        assert.is(more, server)
        return answer
      },
      { logger }
    )
  }
  assert.is(own.handle(ask('/'), server), answer)
  const root = onlyRoot(fresh())
  assert.is(root.functionName, 'GET')
  assert.equal([root.extra.status, root.extra.route, root.extra.bytes], [204, undefined, undefined])
})

test('a wrapped handler looks like the handler', () => {
  const handle = Object.assign(
    function serveTea(request: Request, more: number) {
      return new Response(request.url + more)
    },
    { kept: 1 }
  )
  const wrapped = wrapFetch(handle)
  assert.equal([wrapped.name, wrapped.length, wrapped.kept], ['serveTea', 2, 1])
})

for (const [status, level] of [
  [200, 'info'],
  [304, 'info'],
  [404, 'warn'],
  [499, 'warn'],
  [500, 'error'],
  [503, 'error']
] as const) {
  test(`${status} is ${level}`, () => {
    const { logger, fresh } = lab()
    wrapFetch((_: Request) => new Response(null, { status }), { logger })(ask('/'))
    const root = onlyRoot(fresh())
    assert.equal([root.level, root.extra.status, root.exception], [level, status, undefined])
  })
}

test('what a handler throws is thrown, and recorded with status 500', async () => {
  const { logger, fresh } = lab()
  const error = new RangeError('no tea')
  const throws = wrapFetch(
    (_: Request): Response => {
      throw error
    },
    { logger }
  )
  const rejects = wrapFetch(async (_: Request): Promise<Response> => Promise.reject(error), { logger })
  assert.is(
    failing(() => throws(ask('/a'))),
    error
  )
  assert.is(await rejects(ask('/b')).catch((reason) => reason), error)
  const entries = fresh()
  assert.is(entries.length, 2)
  for (const entry of entries) {
    assert.equal([entry.level, entry.exception, entry.exceptionType], ['error', 'no tea', 'RangeError'])
    assert.is(entry.extra.status, 500)
    assert.is(entry.returnValue, undefined)
  }
  assert.match(entries[0].traceback as string, /no tea/)
})

test('fifty at once: each entry has its own request', async () => {
  const { logger, fresh } = lab({ ring: 2 ** 20 })
  const leaf = logger.wrap((id: string) => id, 'leaf')
  const work = logger.wrap(async (id: string) => {
    await pause(Number(id) % 7)
    leaf(id)
  }, 'work')
  const handle = wrapFetch(
    async (request: Request) => {
      const id = request.headers.get('x-request-id') as string
      leaf(id)
      await pause(Number(id) % 5)
      await Promise.all([work(id), work(id)])
      logger.warn('done', { own: id })
      return new Response(id)
    },
    { logger }
  )
  const ids = Array.from({ length: 50 }, (_, index) => String(100 + index))
  const answers = await Promise.all(ids.map((id) => handle(ask('/', { headers: { 'x-request-id': id } }))))
  assert.equal(await Promise.all(answers.map((answer) => answer.text())), ids)
  assertApart(fresh(), 50, 6, lasting)
})

test('a handler that has not answered is an open call, by its request', async () => {
  const { logger } = lab()
  let answer = (_: Response): void => {}
  const handle = wrapFetch((_: Request) => new Promise<Response>((resolve) => void (answer = resolve)), { logger })
  const waiting = handle(ask('/slow'))
  const [open] = logger.dump()
  assert.equal([open.open, open.functionName, open.args[0]], [true, 'GET', '/slow'])
  answer(new Response('late'))
  await waiting
  const entries = logger.dump()
  assert.is(entries.length, 1)
  assert.equal([entries[0].open, entries[0].extra.status, entries[0].args[0]], [undefined, 200, '/slow'])
})

test('ignored requests are served as if nothing was there', async () => {
  const { logger, fresh } = lab()
  const inner = logger.wrap((path: string) => path, 'inner')
  const serve = (request: Request): Response => new Response(inner(request.url))
  const byPath = wrapFetch(serve, { logger, ignore: ['/health', '/assets/*'] })
  for (const path of ['/health', '/health?full=1', '/assets/a.css', '/healthy', '/asset']) byPath(ask(path))
  const entries = fresh()
  assert.is(entries.length, 7)
  assert.equal(
    entries.filter(({ module }) => module === 'http').map(({ args }) => args[0]),
    ['/healthy', '/asset']
  )
  assert.is(entries[0].extra.requestId, undefined)
  const byFunction = wrapFetch(serve, { logger, ignore: ({ method, path }) => method === 'HEAD' || path === '/x' })
  byFunction(ask('/x'))
  byFunction(ask('/y', { method: 'HEAD' }))
  assert.equal(
    fresh().map(({ functionName }) => functionName),
    ['inner', 'inner']
  )
})

test('headers that are asked for, without their secrets', () => {
  const { logger, fresh } = lab()
  const headers = { accept: 'text/html', Authorization: 'Bearer t0psecret', 'x-shop': 'north', 'x-other': 'no' }
  const handle = wrapFetch((_: Request) => new Response(), {
    logger,
    headers: ['Accept', 'authorization', 'x-shop', 'x-none']
  })
  handle(ask('/', { headers }))
  const root = onlyRoot(fresh())
  const [, shown] = root.args as [string, Record<string, { kind?: string }>]
  assert.equal(root.params, ['url', 'headers'])
  assert.equal(Object.keys(shown).sort(), ['Accept', 'authorization', 'x-shop'])
  assert.is(shown.authorization.kind, 'redacted')
  assert.equal(shown['x-shop'] as unknown, 'north')
})

test('a response says its names when it is asked to', () => {
  const { logger, fresh } = lab()
  const handle = wrapFetch((_: Request) => new Response(), { logger, respond: true })
  const { headers } = handle(ask('/', { headers: { 'x-request-id': 'mine' } }))
  const root = onlyRoot(fresh())
  assert.is(headers.get('x-request-id'), 'mine')
  assert.is(headers.get('traceparent'), `00-${root.traceId}-${root.extra.traceSpan}-01`)
  const fixed = Response.redirect(`${URL_OF}/there`)
  assert.is(wrapFetch((_: Request) => fixed, { logger, respond: true })(ask('/')), fixed)
})

test('a request id that is none is replaced', () => {
  const { logger, fresh } = lab()
  const handle = wrapFetch((_: Request) => new Response(), { logger })
  for (const wrong of ['a b', '<script>', 'x'.repeat(129), '']) {
    handle(ask('/', { headers: { 'x-request-id': wrong } }))
    assert.match(String(onlyRoot(fresh()).extra.requestId), /^[\da-f]{8}-/)
  }
})

test('names stay few: unknown methods, and no more than a thousand routes', () => {
  const { logger, fresh } = lab({ ring: 2 ** 22 })
  const handle = wrapFetch((_: Request) => new Response(), { logger, route: ({ path }) => path })
  handle(ask('/', { method: 'PURGE' }))
  for (let count = 0; count < 1100; count++) handle(ask(`/${count}`))
  const names = fresh().map(({ functionName }) => functionName)
  assert.is(names[0], 'HTTP /')
  assert.is(names[10], 'GET /9')
  assert.is(names.at(-1), 'GET')
  assert.is(new Set(names).size, 1001)
})

test('the level decides, at the end', () => {
  const { logger, fresh } = lab({ level: 'warn' })
  const leaf = logger.wrap(() => 1, { name: 'leaf', level: 'warn' })
  const handle = wrapFetch(
    (request: Request) => {
      leaf()
      return new Response(null, { status: Number(new URL(request.url).pathname.slice(1)) })
    },
    { logger }
  )
  for (const status of [200, 404, 500]) handle(ask(`/${status}`))
  const entries = fresh()
  assert.equal(
    entries.map(({ functionName, level }) => `${functionName} ${level}`),
    ['leaf warn', 'leaf warn', 'GET warn', 'leaf warn', 'GET error']
  )
  assert.equal(entries[2].args, ['/404'])
  for (const { extra } of entries) assert.ok(extra.requestId)
  logger.level = 'fatal'
  handle(ask('/500'))
  assert.is(fresh().length, 0)
})

test('a 500 sets off what waits for errors', () => {
  const { logger, host, entries } = lab({ delivery: 'on-error' })
  const handle = (status: number) => wrapFetch((_: Request) => new Response(null, { status }), { logger })(ask('/'))
  handle(200)
  host.tick()
  assert.is(entries.length, 0)
  handle(503)
  host.tick()
  assert.equal(
    entries.map(({ extra }) => extra.status),
    [200, 503]
  )
})

test('withSink around a request gets its entries', async () => {
  const { logger } = lab()
  const seen = gathering()
  const leaf = logger.wrap(() => 1, 'leaf')
  const handle = wrapFetch(async (_: Request) => new Response(String(leaf())), { logger })
  await withSink(seen, () => handle(ask('/a')))
  assert.equal(
    seen.entries.map(({ functionName }) => functionName),
    ['leaf', 'GET']
  )
  assert.equal([seen.entries[1].args[0], seen.entries[1].extra.status], ['/a', 200])
})

test('a context around goes on, but for its trace and callers', () => {
  const { logger, fresh } = lab()
  const handle = wrapFetch((_: Request) => new Response(), { logger })
  const outer = logger.wrap(() => void handle(ask('/')), 'outer')
  withContext({ shop: 'north', traceparent: HEADER }, outer)
  const root = onlyRoot(fresh())
  assert.is(root.extra.shop, 'north')
  assert.is.not(root.traceId, HEADER.slice(3, 35))
})

test('options that cannot be meant are refused', () => {
  assert.throws(
    () => wrapFetch((_: Request) => new Response(), { ignroe: [] } as never),
    /\[nfo\] \[wrapFetch\] .*did you mean 'ignore'/
  )
})

test('an option that throws costs the entry, not the answer', () => {
  const { logger, fresh } = lab()
  const answer = new Response()
  const broken = (): never => {
    throw new Error('mine')
  }
  assert.is(wrapFetch((_: Request) => answer, { logger, ignore: broken })(ask('/')), answer)
  assert.is(wrapFetch((_: Request) => answer, { logger, route: broken })(ask('/')), answer)
  assert.is(fresh().length, 0)
  const { accepted, dropped } = logger.stats()
  assert.equal([accepted, dropped], [2, 2])
})

test('a handler that is given something else than a request is just called', () => {
  const { logger, fresh } = lab()
  const handle = wrapFetch((given: unknown) => given, { logger })
  assert.is(handle(undefined), undefined)
  assert.is(handle(7), 7)
  assert.is(fresh().length, 0)
})

test('an upgrade has no response of its own on Bun', () => {
  const { logger, fresh } = lab()
  const handle = wrapFetch((_: Request) => undefined, { logger })
  const request = {
    method: 'GET',
    url: `${URL_OF}/ws`,
    headers: { get: (name: string) => (name === 'upgrade' ? 'websocket' : null) }
  }
  assert.is(handle(request as unknown as Request), undefined)
  const root = onlyRoot(fresh())
  assert.equal([root.extra.status, root.level], [101, 'info'])
})

test('a client that is gone by the time of the answer is noted', async () => {
  const { logger, fresh } = lab()
  const leaving = new AbortController()
  const handle = wrapFetch(async (_: Request) => (await pause(), new Response('late')), { logger })
  const answering = handle(ask('/', { signal: leaving.signal }))
  leaving.abort()
  await answering
  const root = onlyRoot(fresh())
  // Deno's signal cannot be asked.
  const found = runtime.name === 'deno' ? [undefined, 200, 'info'] : [true, 200, 'warn']
  assert.equal([root.extra.aborted, root.extra.status, root.level], found)
})

test('a server that tells when the answer was sent is waited for', async () => {
  const { logger, fresh } = lab()
  const answer = new Response('x')
  let sent = (): void => {}
  const completed = new Promise<void>((resolve) => {
    sent = resolve
  })
  const handle = wrapFetch((_: Request, __: { completed: Promise<void> }) => answer, { logger })
  assert.is(handle(ask('/'), { completed }), answer)
  assert.is(fresh().length, 0)
  sent()
  await pause()
  assert.is(onlyRoot(fresh()).extra.aborted, undefined)
  handle(ask('/'), { completed: Promise.reject(new Error('closed')) })
  await pause()
  assert.is(onlyRoot(fresh()).extra.aborted, true)
})

const encoder = (text: string): Uint8Array => new TextEncoder().encode(text)

test("a stream is passed on as it is, and its calls are the request's", async () => {
  const { logger, fresh } = lab()
  const chunk = logger.wrap((text: string) => encoder(text), 'chunk')
  const handle = wrapFetch(
    (_: Request) => {
      let count = 0
      return new Response(
        new ReadableStream({
          async start() {
            await null
            if (lasting) chunk('start')
          },
          pull(controller) {
            controller.enqueue(encoder(`${count++}`))
            if (count === 3) controller.close()
          }
        }),
        { headers: { 'content-type': 'text/x' } }
      )
    },
    { logger }
  )
  const answer = handle(ask('/'))
  assert.is(await answer.text(), '012')
  const entries = fresh()
  const root = onlyRoot(entries)
  for (const entry of entries.filter(({ functionName }) => functionName === 'chunk'))
    assert.is(entry.parentId, root.spanId)
})

test('followBody: followed to its end, not buffered, in the context of the request', async () => {
  const { logger, fresh } = lab()
  const chunk = logger.wrap((text: string) => encoder(text), 'chunk')
  let pulled = 0
  const handle = wrapFetch(
    async (_: Request) => {
      const body = new ReadableStream(
        {
          async pull(controller) {
            await null
            pulled++
            controller.enqueue(lasting ? chunk(`part${pulled}`) : encoder(`part${pulled}`))
            if (pulled === 3) controller.close()
          }
        },
        { highWaterMark: 0 }
      )
      return new Response(body, { status: 203, headers: { 'x-own': '1', 'content-type': 'text/x' } })
    },
    { logger, body: followBody }
  )
  const answer = await handle(ask('/'))
  assert.equal([answer.status, answer.headers.get('x-own'), answer.headers.get('content-type')], [203, '1', 'text/x'])
  await pause()
  assert.is(pulled, 0)
  assert.is(fresh().length, 0)
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const { value } = await reader.read()
  assert.is(new TextDecoder().decode(value), 'part1')
  assert.is(pulled, 1)
  assert.is(logger.dump().filter(({ open }) => open).length, 1)
  let rest = 0
  for (let step = await reader.read(); !step.done; step = await reader.read()) rest++
  assert.is(rest, 2)
  const entries = fresh()
  const root = onlyRoot(entries)
  assert.equal([root.extra.bytes, root.extra.status, root.extra.aborted], [15, 203, undefined])
  const chunks = entries.filter(({ functionName }) => functionName === 'chunk')
  assert.is(chunks.length, lasting ? 3 : 0)
  for (const { parentId, extra } of chunks)
    assert.equal([parentId, extra.requestId], [root.spanId, root.extra.requestId])
})

test('followBody: one that is cancelled or fails says so, and its source hears of it', async () => {
  const { logger, fresh } = lab()
  const heard: unknown[] = []
  const endless = {
    pull: (controller: ReadableStreamDefaultController) => controller.enqueue(encoder('xx')),
    cancel: (reason: unknown) => void heard.push(reason)
  }
  const handle = (source: object) =>
    wrapFetch((_: Request) => new Response(new ReadableStream(source)), { logger, body: followBody })(ask('/'))
  const reader = (handle(endless).body as ReadableStream).getReader()
  await reader.read()
  await reader.cancel('enough')
  assert.equal(heard, ['enough'])
  const cancelled = onlyRoot(fresh())
  assert.equal([cancelled.extra.aborted, cancelled.extra.bytes, cancelled.level], [true, 2, 'warn'])
  const error = new Error('source dry')
  const broken = handle({ pull: () => Promise.reject(error) })
  assert.is(
    await broken.body
      ?.getReader()
      .read()
      .catch((reason) => reason.message),
    'source dry'
  )
  const failed = onlyRoot(fresh())
  assert.equal([failed.level, failed.exception, failed.extra.status], ['error', 'source dry', 500])
})

test("followBody: what has no body, or is asked for by HEAD, is the handler's response", () => {
  const { logger, fresh } = lab()
  const none = new Response(null, { status: 304 })
  const some = new Response('x')
  assert.is(wrapFetch((_: Request) => none, { logger, body: followBody })(ask('/')), none)
  assert.is(wrapFetch((_: Request) => some, { logger, body: followBody })(ask('/', { method: 'HEAD' })), some)
  assert.is(fresh().length, 2)
})

test('routes: each handler is named by its route, all else stays', async () => {
  const { logger, fresh } = lab()
  const fixed = new Response('fixed')
  const page = new (class Page {})()
  const routes = wrapRoutes(
    {
      '/users/:id': (request: Request) => new Response(request.url),
      '/items': { GET: async (request: Request) => new Response(request.url), POST: fixed },
      '/fixed': fixed,
      '/page': page,
      '/none': false
    },
    { logger }
  )
  routes['/users/:id'](ask('/users/7'))
  assert.equal([routes['/items'].POST, routes['/fixed'], routes['/page'], routes['/none']], [fixed, fixed, page, false])
  assert.equal(fresh()[0].functionName, 'GET /users/:id')
  await routes['/items'].GET(ask('/items'))
  assert.equal(
    fresh().map(({ functionName }) => functionName),
    ['GET /items']
  )
})

test.run()
