import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { serve } from '@hono/node-server'
import { Elysia } from 'elysia'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Logger } from '../../src/core/logger.ts'
import {
  elysiaPlugin,
  expressErrors,
  expressMiddleware,
  fastifyPlugin,
  type HttpOptions,
  honoMiddleware,
  wrapFetch,
  wrapListener,
  wrapRoutes
} from '../../src/http/index.ts'

/** What every app below calls while it answers. */
export interface Work {
  /** Waits, calls `find` after that, and logs. */
  load(id: string): Promise<string>
  find(id: string): string
  /** Three chunks, each of which is a call. */
  chunks(id: string): AsyncGenerator<Uint8Array>
}

export interface Served {
  base: string
  close(): Promise<unknown> | unknown
}

type Start = (work: Work, options: HttpOptions) => Promise<Served> | Served

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export function workOf(logger: Logger): Work {
  const find = logger.wrap((id: string) => id, 'find')
  const load = logger.wrap(async (id: string) => {
    await pause(Number(id.replace(/\D/g, '')) % 7)
    find(id)
    logger.info('loaded', { own: id })
    return id
  }, 'load')
  async function* chunks(id: string): AsyncGenerator<Uint8Array> {
    for (let part = 0; part < 3; part++) {
      await pause(1)
      yield new TextEncoder().encode(find(id))
    }
  }
  return { find, load, chunks }
}

interface Globals {
  Deno?: {
    serve(options: object, handler: unknown): { addr: { port: number }; shutdown(): Promise<void> }
  }
  Bun?: { serve(options: object): { port: number; stop(now: boolean): void } }
}
const { Deno, Bun } = globalThis as Globals

const idOf = (headers: Headers): string => headers.get('x-request-id') ?? ''

function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      for await (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    }
  })
}

/** The app as a fetch handler. */
function handlerOf({ load, find, chunks }: Work): (request: Request) => Promise<Response> {
  return async function serveShop(request) {
    const id = idOf(request.headers)
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/users/')) return new Response(await load(id), { headers: { 'x-own': 'kept' } })
    if (pathname === '/bad') throw new RangeError('bad')
    if (pathname === '/denied') return new Response('no', { status: 403 })
    if (pathname === '/echo') return new Response(find(await request.text()))
    if (pathname === '/stream') return new Response(streamOf(chunks(id)))
    if (pathname === '/slow') await pause(150)
    return new Response('none', { status: pathname === '/slow' ? 200 : 404 })
  }
}

const routeOf = ({ path }: { path: string }): string | undefined =>
  path.startsWith('/users/') ? '/users/:id' : path === '/none' ? undefined : path

function onNode(listener: Parameters<typeof createServer>[1]): Promise<Served> {
  const server = createServer(listener)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({
        base: `http://127.0.0.1:${port}`,
        close() {
          server.closeAllConnections()
          server.close()
        }
      })
    })
  })
}

/** A web-standard handler on the server of this runtime. */
function served(
  handler: (request: Request, ...more: never[]) => Response | Promise<Response>
): Promise<Served> | Served {
  if (Deno) {
    const server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen() {} }, handler)
    return { base: `http://127.0.0.1:${server.addr.port}`, close: () => server.shutdown() }
  }
  if (Bun) {
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: handler,
      error: () => new Response('bad', { status: 500 })
    })
    return { base: `http://127.0.0.1:${server.port}`, close: () => server.stop(true) }
  }
  return new Promise((resolve) => {
    const server = serve(
      { fetch: handler as (request: Request) => Response, port: 0, hostname: '127.0.0.1' },
      ({ port }) => resolve({ base: `http://127.0.0.1:${port}`, close: () => server.close() })
    )
  })
}

function hono({ load, find, chunks }: Work, options: HttpOptions): Promise<Served> | Served {
  const app = new Hono()
  app.use(honoMiddleware(options))
  app.use('/users/*', async (_, next) => next())
  app.get('/users/:id', async (context) => {
    context.header('x-own', 'kept')
    return context.text(await load(idOf(context.req.raw.headers)))
  })
  app.get('/bad', () => {
    throw new RangeError('bad')
  })
  app.get('/denied', () => {
    throw new HTTPException(403, { message: 'no' })
  })
  app.post('/echo', async (context) => context.text(find(await context.req.text())))
  app.get('/stream', (context) => context.body(streamOf(chunks(idOf(context.req.raw.headers)))))
  app.get('/slow', async (context) => {
    await pause(150)
    return context.text('late')
  })
  app.onError((error, context) =>
    error instanceof HTTPException ? error.getResponse() : context.text(error.message, 500)
  )
  return served(app.fetch)
}

function elysia({ load, find, chunks }: Work, options: HttpOptions): Promise<Served> | Served {
  const app = new Elysia()
    .use(elysiaPlugin(options))
    .get('/users/:id', async ({ headers, set }) => {
      set.headers['x-own'] = 'kept'
      return load(headers['x-request-id'] ?? '')
    })
    .get('/bad', () => {
      throw new RangeError('bad')
    })
    .get('/denied', ({ status }) => status(403, 'no'))
    .post('/echo', ({ body }) => find(body as string))
    .get('/stream', ({ headers }) => new Response(streamOf(chunks(headers['x-request-id'] ?? ''))))
    .get('/slow', async () => {
      await pause(150)
      return 'late'
    })
  if (!Bun) return served(app.fetch)
  app.listen({ port: 0, hostname: '127.0.0.1' })
  return { base: `http://127.0.0.1:${app.server?.port}`, close: () => app.stop(true) }
}

function onExpress({ load, find, chunks }: Work, options: HttpOptions): Promise<Served> {
  const app = express()
  const users = express.Router()
  app.use(expressMiddleware(options))
  app.use(express.text())
  users.get('/:id', async (request, response) => {
    response.setHeader('x-own', 'kept')
    response.send(await load(String(request.headers['x-request-id'])))
  })
  app.use('/users', users)
  app.get('/bad', () => {
    throw new RangeError('bad')
  })
  app.get('/denied', (_, __, next) => next(Object.assign(new Error('no'), { status: 403 })))
  app.post('/echo', (request, response) => void response.send(find(request.body)))
  app.get('/stream', (request, response) => {
    Readable.from(chunks(String(request.headers['x-request-id']))).pipe(response)
  })
  app.get('/slow', (_, response) => void setTimeout(() => response.send('late'), 150))
  app.use(expressErrors)
  app.use((error: { status?: number }, _: unknown, response: express.Response, __: unknown) => {
    response.status(error.status ?? 500).send('failed')
  })
  return onNode(app)
}

async function onFastify({ load, find, chunks }: Work, options: HttpOptions): Promise<Served> {
  const app = fastify({ forceCloseConnections: true })
  await app.register(fastifyPlugin(options))
  app.get('/users/:id', async (request, reply) => {
    reply.header('x-own', 'kept')
    return load(String(request.headers['x-request-id']))
  })
  app.get('/bad', async () => {
    throw new RangeError('bad')
  })
  app.get('/denied', async () => {
    throw Object.assign(new Error('no'), { statusCode: 403 })
  })
  app.post('/echo', async (request) => find(request.body as string))
  app.get('/stream', (request, reply) => {
    reply.send(Readable.from(chunks(String(request.headers['x-request-id']))))
  })
  app.get('/slow', async () => {
    await pause(150)
    return 'late'
  })
  return { base: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
}

function plainNode({ load, find, chunks }: Work, options: HttpOptions): Promise<Served> {
  const listener = wrapListener(
    (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => {
      const { url = '' } = request
      const id = String(request.headers['x-request-id'])
      if (url.startsWith('/users/')) {
        response.setHeader('x-own', 'kept')
        void load(id).then((text) => response.end(text))
      } else if (url === '/bad') {
        throw new RangeError('bad')
      } else if (url === '/echo') {
        let text = ''
        request.setEncoding('utf8').on('data', (part) => void (text += part))
        // No promise leads from the handler to here.
        request.on('end', () => response.end(find(text)))
      } else if (url === '/stream') Readable.from(chunks(id)).pipe(response)
      else if (url === '/slow') setTimeout(() => response.end('late'), 150)
      else response.writeHead(url === '/denied' ? 403 : 404).end()
    },
    { ...options, route: routeOf }
  )
  return onNode((request, response) => {
    try {
      listener(request, response)
    } catch (error) {
      response.writeHead(500).end((error as Error).message)
    }
  })
}

const plainFetch: Start = (work, options) => served(wrapFetch(handlerOf(work), { ...options, route: routeOf }))

/** `Bun.serve` with routes. */
function bunRoutes(work: Work, options: HttpOptions): Served {
  const handler = handlerOf(work)
  const routes = { '/users/:id': handler, '/bad': handler, '/denied': { GET: handler }, '/echo': { POST: handler } }
  const server = Bun!.serve({
    port: 0,
    hostname: '127.0.0.1',
    routes: wrapRoutes({ ...routes, '/stream': handler, '/slow': handler }, options),
    fetch: wrapFetch(() => new Response('none', { status: 404 }), options),
    error: () => new Response('bad', { status: 500 })
  })
  return { base: `http://127.0.0.1:${server.port}`, close: () => server.stop(true) }
}

/** By their names, what each can do on this runtime. */
export const apps: Record<string, Start> = {
  fetch: plainFetch,
  hono,
  elysia,
  ...(Bun ? { 'Bun.serve routes': bunRoutes } : {}),
  ...(Deno ? {} : { 'node:http': plainNode, express: onExpress, fastify: onFastify })
}
