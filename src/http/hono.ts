import { beginOf, ended, type FetchRequest, type FetchResponse, outcomeOf, signalOf } from './fetch.ts'
import { closed, type NodeResponse } from './node.ts'
import { type HttpOptions, readOptions } from './options.ts'
import { respond } from './respond.ts'
import type { Outcome } from './types.ts'

interface HonoRoute {
  readonly path: string
  readonly method: string
  readonly handler: { readonly length: number }
}

/** The few members of a Hono context that are used. */
export interface HonoContext {
  readonly req: { readonly raw: FetchRequest }
  readonly res: FetchResponse
  readonly finalized: boolean
  readonly env: unknown
  readonly error: Error | undefined
  header(name: string, value: string): void
}

/**
 * Middleware for Hono, to be used before all other: one entry a request, from here until the response has been sent where
 * the server tells (Deno, `@hono/node-server`), else until there is one, and the context of the request on all it calls.
 *
 * @example
 * app.use(honoMiddleware({ ignore: ['/health'] }))
 */
export function honoMiddleware(
  options: HttpOptions = {}
): (context: HonoContext, next: () => Promise<void>) => Promise<void> {
  const settings = readOptions('honoMiddleware', options)
  return async function nfo(context, next) {
    const request = context.req.raw
    const exchange = beginOf(settings, request)
    if (!exchange) return next()
    const { outgoing } = (context.env ?? {}) as { outgoing?: NodeResponse }
    const signal = outgoing ? undefined : signalOf(request)
    let outcome: Outcome = {}
    if (outgoing) closed(outgoing, (aborted) => exchange.end({ ...outcome, aborted }))
    exchange.route(routeOf(context.req))
    if (settings.respond) respond(exchange, (name, value) => context.header(name, value))
    try {
      await exchange.run(next)
    } catch (error) {
      exchange.end({ status: 500 }, { error })
      throw error
    }
    if (context.error) exchange.thrown = { error: context.error }
    // Hono makes a response for who asks, also where there is none.
    outcome = outcomeOf(request, context.finalized ? context.res : undefined)
    if (!outgoing) ended(exchange, context.env, outcome, signal)
  }
}

/** The last one that matches is the handler's, unless there are only middlewares, which take a second parameter. */
function routeOf(request: object): string | undefined {
  const { matchedRoutes = [] } = request as { matchedRoutes?: readonly HonoRoute[] }
  return matchedRoutes.findLast(({ method, handler }) => method !== 'ALL' || handler.length < 2)?.path
}
