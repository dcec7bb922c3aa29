import { threwIn } from './known.ts'
import { follow, type NodeRequest, type NodeResponse } from './node.ts'
import { type HttpOptions, readOptions } from './options.ts'

/** The few members of a Fastify request that are used. */
export interface FastifyRequest {
  readonly raw: NodeRequest
  readonly routeOptions: { readonly url?: string | undefined }
}

/** The few members of a Fastify reply that are used. */
export interface FastifyReply {
  readonly raw: NodeResponse
}

type Done = () => void

/** The few members of a Fastify server that are used. */
export interface FastifyServer {
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: FastifyReply, done: Done) => void): unknown
  addHook(
    name: 'onError',
    hook: (request: FastifyRequest, reply: FastifyReply, error: Error, done: Done) => void
  ): unknown
}

/**
 * A plugin for Fastify, to be registered before all other, for the server it is registered at and all below: one entry a
 * request, from its arrival until its response is closed, and the context of the request on all that it calls.
 *
 * @example
 * await app.register(fastifyPlugin({ ignore: ['/health'] }))
 */
export function fastifyPlugin(options: HttpOptions = {}): (server: FastifyServer, _: unknown, done: Done) => void {
  const settings = readOptions('fastifyPlugin', options)

  function nfo(server: FastifyServer, _: unknown, done: Done): void {
    server.addHook('onRequest', (request, reply, next) => {
      const exchange = follow(settings, request.raw, reply.raw)
      if (!exchange) return next()
      exchange.route(request.routeOptions.url)
      exchange.run(next)
    })
    server.addHook('onError', ({ raw }, _reply, error, next) => {
      threwIn(raw, error)
      next()
    })
    done()
  }

  // Hooks for the server itself, not for a part of it.
  return Object.assign(nfo, { [Symbol.for('skip-override')]: true })
}
