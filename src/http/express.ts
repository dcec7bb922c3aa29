import { threwIn } from './known.ts'
import { follow, type NodeRequest, type NodeResponse } from './node.ts'
import { type HttpOptions, readOptions } from './options.ts'

/** The few members of an Express request that are used. */
export interface ExpressRequest extends NodeRequest {
  readonly baseUrl?: string
  readonly route?: unknown
  readonly params?: unknown
}

type Next = (error?: unknown) => void

/**
 * Middleware for Express, to be used before all other: one entry a request, from here until its response is closed, and the
 * context of the request on all that it calls. What a handler throws is on the entry with `expressErrors`.
 *
 * @example
 * app.use(expressMiddleware({ ignore: ['/health'] }))
 */
export function expressMiddleware(
  options: HttpOptions = {}
): (request: ExpressRequest, response: NodeResponse, next: Next) => void {
  const settings = readOptions('expressMiddleware', options)
  return function nfo(request, response, next) {
    const exchange = follow(settings, request, response, (ending) => ending.route(routeOf(request)))
    if (exchange) exchange.run(() => next())
    else next()
  }
}

/**
 * Middleware for Express, to be used behind all routes and before other error handlers: keeps what a handler threw for the
 * request's entry and passes it on.
 *
 * @example
 * app.use(expressErrors)
 */
export function expressErrors(error: unknown, request: ExpressRequest, _response: NodeResponse, next: Next): void {
  threwIn(request, error)
  next(error)
}

/** Where a router is mounted is known by the path that was asked for: what are parameters of it, is named. */
function routeOf({ baseUrl = '', route, params }: ExpressRequest): string | undefined {
  const { path } = (route ?? {}) as { path?: unknown }
  if (path === undefined) return undefined
  const names = new Map(Object.entries(params ?? {}).map(([name, value]) => [String(value), `:${name}`]))
  const parts = baseUrl.split('/').map((part) => names.get(decoded(part)) ?? part)
  return parts.join('/') + (path === '/' && baseUrl ? '' : String(path))
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
