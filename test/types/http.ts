import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:http2'
import { Elysia } from 'elysia'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import {
  elysiaPlugin,
  expressErrors,
  expressMiddleware,
  fastifyPlugin,
  followBody,
  honoMiddleware,
  wrapFetch,
  wrapListener,
  wrapRoutes
} from '../../src/http/index.ts'
import { createLogger } from '../../src/index.ts'
import { exactly } from './_assert.ts'

// Handlers keep their types.
const handle = async (request: Request, info: { port: number }): Promise<Response> =>
  new Response(request.url + info.port)
exactly<typeof handle>()(wrapFetch(handle))
exactly<typeof handle>()(
  wrapFetch(handle, { body: followBody, ignore: ['/health'], headers: ['accept'], respond: true })
)
const listener = (request: IncomingMessage, response: ServerResponse): void => void response.end(request.url)
exactly<typeof listener>()(wrapListener(listener))
createServer(wrapListener((request: IncomingMessage, response: ServerResponse) => response.end(request.url)))
createServer(wrapListener(express()))
createSecureServer(wrapListener((_, response: { end(): void }) => response.end()))
const routes = { '/users/:id': handle, '/items': { GET: handle, POST: new Response() }, '/off': false as const }
exactly<typeof routes>()(wrapRoutes(routes))

// @ts-expect-error: there is no such option
wrapFetch(handle, { ignroe: [] })
// @ts-expect-error: a function is needed
wrapFetch(7)

const options = {
  logger: createLogger(),
  ignore: ({ method, path }: { method: string; path: string }) => method === 'HEAD' || path === '/health'
}

// What apps know of their routes stays known.
const hono = new Hono<{ Bindings: { KEY: string }; Variables: { user: string } }>()
  .use(honoMiddleware(options))
  .get('/users/:id', (context) => {
    exactly<string>()(context.req.param('id'))
    exactly<string>()(context.env.KEY)
    return context.json({ id: context.req.param('id') })
  })
exactly<Response | Promise<Response>>()(hono.request('/'))
new Hono().use('/api/*', honoMiddleware())

const elysia = new Elysia()
  .decorate('shop', 'north' as string)
  .use(elysiaPlugin(options))
  .get('/users/:id', ({ params, shop }) => {
    exactly<string>()(params.id)
    exactly<string>()(shop)
    return params.id
  })
exactly<Promise<Response>>()(elysia.handle(new Request('http://localhost/')))

const app = express()
app.use(expressMiddleware(options))
app.use('/api', expressMiddleware())
app.use(expressErrors)
express.Router().use(expressMiddleware(), expressErrors)

const server = fastify()
server.register(fastifyPlugin(options))
await server.register(fastifyPlugin())
