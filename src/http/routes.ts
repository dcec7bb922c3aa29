import { type FetchOptions, wrapFetch } from './fetch.ts'

type Handler = (request: never, ...rest: never[]) => unknown

/**
 * The `routes` of `Bun.serve`, with every handler recorded as by `wrapFetch` and named by its route. Responses and pages,
 * which Bun serves without calling anybody, stay as they are.
 *
 * @example
 * Bun.serve({ routes: wrapRoutes({ '/users/:id': (request) => Response.json(request.params) }) })
 */
export function wrapRoutes<Routes extends object>(routes: Routes, options: FetchOptions = {}): Routes {
  const wrapped = Object.entries(routes).map(([path, value]) => {
    const wrap = (handler: unknown): unknown =>
      typeof handler === 'function' ? wrapFetch(handler as Handler, { ...options, route: () => path }) : handler
    const isByMethod = value && Object.getPrototypeOf(value) === Object.prototype
    const entry = isByMethod ? Object.entries(value).map(([method, handler]) => [method, wrap(handler)]) : undefined
    return [path, entry ? Object.fromEntries(entry) : wrap(value)]
  })
  return Object.fromEntries(wrapped) as Routes
}
