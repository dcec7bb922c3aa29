import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { Elysia } from 'elysia'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { withContext } from '../../src/context.ts'
import type { Entry } from '../../src/core/types.ts'
import {
  elysiaPlugin,
  expressErrors,
  expressMiddleware,
  fastifyPlugin,
  honoMiddleware,
  wrapListener
} from '../../src/http/index.ts'
import { lab } from '../core/_lab.ts'
import { bundle } from '../runtimes/_children.ts'
import { onlyRoot, rootsOf } from './_checks.ts'

const test = suite('http: node')

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const servers = new Set<Server>()

async function listening(server: Server): Promise<number> {
  servers.add(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test.after.each(() => {
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
  servers.clear()
})

async function requests(fresh: () => Entry[], count: number): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let round = 0; round < 200 && rootsOf(entries).length < count; round++) {
    await pause(5)
    entries.push(...fresh())
  }
  return entries
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** What a client sees of a server, to the byte, but for the date. */
async function bytesOf(listener: Listener, text: string): Promise<string> {
  const port = await listening(createServer(listener))
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  let seen = ''
  socket.on('data', (part) => void (seen += part))
  socket.write(text)
  await once(socket, 'close')
  return seen.replace(/date: .*/gi, 'date')
}

const LAST = 'Host: x\r\nConnection: close\r\n\r\n'

const CASES: [string, string, Listener][] = [
  ['a text', `GET / HTTP/1.1\r\n${LAST}`, (_, response) => response.end('hello')],
  ['HEAD', `HEAD / HTTP/1.1\r\n${LAST}`, (_, response) => response.setHeader('content-length', 5).end('hello')],
  ['304', `GET / HTTP/1.1\r\n${LAST}`, (_, response) => response.writeHead(304, { etag: 'x' }).end()],
  [
    'early hints',
    `GET / HTTP/1.1\r\n${LAST}`,
    (_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.end('page'))
    }
  ],
  [
    'chunks and trailers',
    `GET / HTTP/1.1\r\n${LAST}`,
    async (_, response) => {
      response.writeHead(200, { trailer: 'x-sum' })
      for (const part of ['a', 'b', 'c']) {
        response.write(part)
        await pause(1)
      }
      response.addTrailers({ 'x-sum': '3' })
      response.end()
    }
  ],
  [
    'a body that is piped back',
    `POST / HTTP/1.1\r\nContent-Length: 5\r\n${LAST}hello`,
    (request, response) => request.pipe(response)
  ],
  [
    '100-continue',
    `POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n${LAST}ok`,
    (request, response) => {
      request.resume().on('end', () => response.end('thanks'))
    }
  ]
]

for (const [name, text, listener] of CASES) {
  test(`the same bytes: ${name}`, async () => {
    const { logger, fresh } = lab()
    assert.is(await bytesOf(wrapListener(listener, { logger }), text), await bytesOf(listener, text))
    onlyRoot(await requests(fresh, 1))
  })
}

test('a listener gets what it would get, `this` included, and gives what it gives', async () => {
  const { logger } = lab()
  const seen: unknown[] = []
  function handleShop(this: unknown, ...given: [IncomingMessage, ServerResponse]): number {
    seen.push(this, ...given)
    given[1].end()
    return 7
  }
  const wrapped = wrapListener(handleShop, { logger })
  assert.equal([wrapped.name, wrapped.length], ['handleShop', 0])
  const server = createServer()
  const asked: unknown[] = []
  server.on('request', function (this: unknown, ...given) {
    asked.push(this, ...given)
    assert.is(Reflect.apply(wrapped, this, given), 7)
  })
  await (await fetch(`http://127.0.0.1:${await listening(server)}`)).text()
  assert.is(seen.length, 3)
  for (const [index, one] of seen.entries()) assert.is(one, asked[index])
  assert.equal(
    Object.keys(seen[1] as object).filter((key) => key === 'emit'),
    []
  )
})

test('events of the request are in its context, also when several come over one connection at once', async () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap((id: string) => id, 'leaf')
  const listener = wrapListener(
    (request: IncomingMessage, response: ServerResponse) => {
      const id = String(request.headers['x-request-id'])
      request.resume().on('end', () => {
        leaf(id)
        setTimeout(() => response.end(id), id === 'one' ? 20 : 1)
      })
      response.on('close', () => leaf(id))
    },
    { logger }
  )
  // Whoever starts a server may be in a context; its requests are nobody's callees.
  const start = logger.wrap(() => listening(createServer(listener)), 'start')
  const port = await withContext({ shop: 'north' }, start)
  fresh()
  const socket = connect(port, '127.0.0.1')
  socket.write(
    ['one', 'two', 'three']
      .map((id) => `POST / HTTP/1.1\r\nHost: x\r\nx-request-id: ${id}\r\nContent-Length: 2\r\n\r\nok`)
      .join('')
  )
  const entries = await requests(fresh, 3)
  socket.destroy()
  const roots = rootsOf(entries)
  assert.is(new Set(roots.map(({ traceId }) => traceId)).size, 3)
  for (const root of roots) {
    assert.equal([root.parentId, root.extra.shop, root.extra.aborted], [0, 'north', undefined])
    const leaves = entries.filter(
      ({ args, functionName }) => functionName === 'leaf' && args[0] === root.extra.requestId
    )
    assert.is(leaves.length, 2)
    for (const { parentId, traceId } of leaves) assert.equal([parentId, traceId], [root.spanId, root.traceId])
  }
})

test('upgrades go by', async () => {
  const { logger, fresh } = lab()
  const server = createServer(wrapListener(() => assert.unreachable(), { logger }))
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
  })
  const asking = request({ port: await listening(server), headers: { connection: 'Upgrade', upgrade: 'x' } }).end()
  const [{ statusCode }] = await once(asking, 'upgrade')
  assert.is(statusCode, 101)
  assert.equal(fresh(), [])
})

test('http2', async () => {
  const { logger, fresh } = lab()
  const listener = (request: { url: string }, response: http2.Http2ServerResponse) => response.end(request.url)
  const server = http2.createServer(wrapListener(listener, { logger, route: () => '/all' }) as never)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const stream = client.request({ ':path': '/a?x=1' })
  let text = ''
  for await (const part of stream.setEncoding('utf8')) text += part
  client.close()
  server.close()
  assert.is(text, '/a?x=1')
  const root = onlyRoot(await requests(fresh, 1))
  assert.equal(
    [root.functionName, root.args[0], root.extra.status, root.extra.aborted],
    ['GET /all', '/a?x=1', 200, undefined]
  )
})

test('a client that leaves in the middle of an answer', async () => {
  const { logger, fresh } = lab()
  const port = await listening(
    createServer(
      wrapListener(
        (_: IncomingMessage, response: ServerResponse) => {
          response.write('half')
        },
        { logger }
      )
    )
  )
  const leaving = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${port}`, { signal: leaving.signal })
  leaving.abort()
  await answer.text().catch(() => {})
  const root = onlyRoot(await requests(fresh, 1))
  assert.equal([root.extra.status, root.extra.aborted, root.level], [200, true, 'warn'])
})

test('an error that nobody catches ends the process as ever, once, and is recorded', async () => {
  const child = (listener: string): string => `
import { createServer } from 'node:http'
import { wrapListener } from '../../src/http/index.ts'
import { configure } from '../../src/index.ts'
configure({ sinks: ['json:-'] })
process.on('exit', (code) => console.error('code', code))
const server = createServer(wrapListener(${listener})).listen(0, '127.0.0.1', () => {
  fetch('http://127.0.0.1:' + server.address().port).catch(() => {})
})`
  for (const listener of ['() => { throw new RangeError("mine") }', 'async () => { throw new RangeError("mine") }']) {
    const { stdout, stderr } = spawnSync(process.execPath, [await bundle(child(listener))], { encoding: 'utf8' })
    assert.is(stderr.split('RangeError: mine').length, 2, stderr)
    assert.match(stderr, /code 1/)
    const [entry, ...more] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(more, [])
    assert.equal([entry.level, entry.exception, entry.function_name], ['ERROR', 'mine', 'GET'])
    assert.is(entry.extra.status, 500)
  }
})

test('an async listener whose promise is handled', async () => {
  const { logger, fresh } = lab()
  const error = new Error('late')
  const listener = wrapListener(async (_: IncomingMessage, __: ServerResponse) => Promise.reject(error), { logger })
  const port = await listening(
    createServer((request, response) => {
      listener(request, response).catch((reason) => response.writeHead(502).end(String(reason === error)))
    })
  )
  assert.is(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'true')
  const root = onlyRoot(await requests(fresh, 1))
  assert.equal([root.exception, root.extra.status], ['late', 500])
})

test('a plain listener gives its promise, and whoever listens to it is not the second to know', async () => {
  const { logger, fresh } = lab()
  let promise: Promise<never> | undefined
  const reject = (_: IncomingMessage, __: ServerResponse): Promise<never> => {
    promise = Promise.reject(new Error('kept'))
    return promise
  }
  const listener = wrapListener(reject, { logger })
  const port = await listening(
    createServer((request, response) => {
      assert.is(listener(request, response), promise)
      promise?.catch(() => response.end('caught'))
    })
  )
  assert.is(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'caught')
  assert.is(onlyRoot(await requests(fresh, 1)).exception, 'kept')
})

test('Express: names by mount, parameters, and what else routes can be', async () => {
  const { logger, fresh } = lab()
  const app = express()
  app.use(expressMiddleware({ logger }))
  const orders = express.Router({ mergeParams: true })
  orders.get('/', (_, response) => void response.send('all'))
  orders.get('/:order', (_, response) => void response.send('one'))
  app.use('/shops/:shop/orders', orders)
  app.get(/^\/(any|all)$/, (_, response) => void response.send('regular'))
  app.get(['/one', '/other'], (_, response) => void response.send('list'))
  const base = `http://127.0.0.1:${await listening(createServer(app))}`
  for (const path of ['/shops/north%20side/orders/17', '/shops/4/orders', '/any', '/other'])
    await (await fetch(base + path)).text()
  const names = (await requests(fresh, 4)).map(({ functionName }) => functionName)
  assert.equal(names, [
    'GET /shops/:shop/orders/:order',
    'GET /shops/:shop/orders',
    'GET /^\\/(any|all)$/',
    'GET /one,/other'
  ])
})

test('Express: an error without expressErrors still is a 500', async () => {
  const { logger, fresh } = lab()
  const make = (withErrors: boolean): express.Express => {
    const app = express().set('env', 'test')
    app.use(expressMiddleware({ logger }))
    app.get('/bad', async () => {
      throw new RangeError('bad')
    })
    if (withErrors) app.use(expressErrors)
    return app
  }
  for (const withErrors of [false, true]) {
    const base = `http://127.0.0.1:${await listening(createServer(make(withErrors)))}`
    assert.is((await fetch(`${base}/bad`)).status, 500)
    const root = onlyRoot(await requests(fresh, 1))
    assert.equal([root.level, root.extra.status, root.exception], ['error', 500, withErrors ? 'bad' : undefined])
  }
})

test('Fastify: inject, validation, and routes of plugins', async () => {
  const { logger, fresh } = lab()
  const app = fastify()
  app.register(fastifyPlugin({ logger }))
  app.register(async (shop) => void shop.get('/orders/:id', async () => 'one'), { prefix: '/shop' })
  const schema = { querystring: { type: 'object', required: ['size'], properties: { size: { type: 'number' } } } }
  app.get('/sized', { schema }, async () => 'sized')
  assert.is((await app.inject('/shop/orders/7')).body, 'one')
  assert.is((await app.inject('/sized')).statusCode, 400)
  await app.close()
  const [order, sized] = rootsOf(await requests(fresh, 2))
  assert.equal([order.functionName, order.extra.status], ['GET /shop/orders/:id', 200])
  assert.equal([sized.functionName, sized.level, sized.exception], ['GET /sized', 'warn', undefined])
  assert.match(sized.extra.error as string, /must have required property 'size'/)
})

test('responses say their names, whatever the framework', async () => {
  const { logger, fresh } = lab()
  const options = { logger, respond: true }
  const onExpress = express()
    .use(expressMiddleware(options))
    .get('/', (_, response) => void response.send('x'))
  const onFastify = fastify()
  await onFastify.register(fastifyPlugin(options))
  onFastify.get('/', async () => 'x')
  const onHono = new Hono().use(honoMiddleware(options)).get('/', (context) => context.text('x'))
  const onElysia = new Elysia().use(elysiaPlugin(options)).get('/', () => 'x')
  const ways: Record<string, () => Promise<Response>> = {
    node: async () =>
      fetch(
        `http://127.0.0.1:${await listening(createServer(wrapListener((_: IncomingMessage, response: ServerResponse) => void response.end('x'), options)))}`
      ),
    express: async () => fetch(`http://127.0.0.1:${await listening(createServer(onExpress))}`),
    fastify: async () => fetch(await onFastify.listen({ port: 0, host: '127.0.0.1' })),
    hono: async () => onHono.request('/'),
    elysia: () => onElysia.handle(new Request('http://localhost/'))
  }
  for (const [name, ask] of Object.entries(ways)) {
    const answer = await ask()
    assert.is(await answer.text(), 'x')
    const root = onlyRoot(await requests(fresh, 1))
    assert.is(answer.headers.get('x-request-id'), root.extra.requestId, name)
    assert.is(answer.headers.get('traceparent'), `00-${root.traceId}-${root.extra.traceSpan}-01`, name)
  }
  await onFastify.close()
})

test("Hono: the handler's route, not that of middlewares, and raw responses by identity", async () => {
  const { logger, fresh } = lab()
  const raw = new Response('raw')
  const shop = new Hono().get('/items/:id', () => raw).use('/*', async (_, next) => next())
  const app = new Hono().use(honoMiddleware({ logger })).route('/shop', shop)
  app.use('/locked/*', async (context) => context.text('locked', 401))
  app.get('/locked/door', (context) => context.text('never'))
  assert.is(await app.request('/shop/items/3'), raw)
  await app.request('/locked/door')
  await app.request('/locked/window')
  const found = rootsOf(fresh()).map(({ functionName, extra }) => [functionName, extra.status])
  assert.equal(found, [
    ['GET /shop/items/:id', 200],
    ['GET /locked/door', 401],
    ['GET /locked/*', 401]
  ])
})

test('Elysia: what it learns from the source of hooks stays the same', async () => {
  const { logger } = lab()
  const seen = async (app: { handle(request: Request): Promise<Response> | Response }) => {
    const answer = await app.handle(new Request('http://localhost/x', { method: 'POST', body: 'unread' }))
    return [answer.status, await answer.text(), [...answer.headers]]
  }
  const used = ({ request }: { request: Request }) => String(request.bodyUsed)
  const bare = new Elysia().post('/x', used)
  const plugged = new Elysia().use(elysiaPlugin({ logger })).post('/x', used)
  assert.equal(await seen(plugged), await seen(bare))
})

test.run()
