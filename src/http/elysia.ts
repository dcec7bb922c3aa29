import { answer, beginOf, type FetchRequest } from './fetch.ts'
import { exchangeOf, keep, threwIn } from './known.ts'
import { type HttpOptions, readOptions } from './options.ts'

interface Stage {
  request: FetchRequest
  route: string
  error: unknown
}
type Hook = (context: Stage) => void
type Handle = (...args: [FetchRequest, ...unknown[]]) => unknown

/** The few members of an Elysia app that are used. */
interface App {
  wrap(around: (handle: Handle) => Handle): unknown
  onTransform(options: { as: 'global' }, hook: Hook): unknown
  onError(options: { as: 'global' }, hook: Hook): unknown
}

/**
 * A plugin for Elysia, to be used before all other: one entry a request, from its arrival until there is a response, and the
 * context of the request on all that it calls.
 *
 * @example
 * new Elysia().use(elysiaPlugin({ ignore: ['/health'] }))
 */
export function elysiaPlugin(options: HttpOptions = {}): <Elysia>(app: Elysia) => Elysia {
  const settings = readOptions('elysiaPlugin', options)

  return function nfo(elysia) {
    const app = elysia as App
    app.wrap((handle) => (...args) => {
      const exchange = keep(args[0], beginOf(settings, args[0]))
      return exchange ? answer(settings, exchange, args, () => handle(...args)) : handle(...args)
    })
    // Elysia reads the source of a hook to learn what it needs, so each takes no more than that.
    app.onTransform({ as: 'global' }, ({ request, route }) => {
      exchangeOf(request)?.route(route)
    })
    app.onError({ as: 'global' }, ({ request, route, error }) => {
      exchangeOf(request)?.route(route)
      threwIn(request, error)
    })
    return elysia
  }
}
