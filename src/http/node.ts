import { isPromise, listen } from '../core/promises.ts'
import { dress } from '../core/wrap.ts'
import { begin } from './exchange.ts'
import { keep } from './known.ts'
import { type HttpOptions, readOptions, type Settings } from './options.ts'
import { lengthOf, respond } from './respond.ts'
import type { Exchange } from './types.ts'

/** The few members of a `node:http` request that are used. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Express keeps the whole path here. */
  readonly originalUrl?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** The few members of a `node:http` response that are used. */
export interface NodeResponse {
  readonly statusCode: number
  readonly headersSent: boolean
  getHeader(name: string): unknown
  setHeader(name: string, value: string): unknown
  once(event: string, listener: () => void): unknown
}

/**
 * A request listener of `node:http`, `node:https` or `node:http2` that does the same and is recorded: one entry a request,
 * from its arrival until its response is closed, and the context of the request on all that it calls, its streams' events
 * included. `this`, results and errors are those of the listener; upgrades do not come by here.
 *
 * @example
 * createServer(wrapListener((request, response) => response.end('hello'))).listen(8080)
 */
export function wrapListener<Listener extends (request: never, response: never) => unknown>(
  listener: Listener,
  options: HttpOptions = {}
): Listener {
  const settings = readOptions('wrapListener', options)
  const isAsync = Object.prototype.toString.call(listener) === '[object AsyncFunction]'
  function wrapped(this: unknown, ...args: [NodeRequest, NodeResponse]): unknown {
    const call = (): unknown => Reflect.apply(listener, this, args)
    const exchange = follow(settings, ...args)
    if (!exchange) return call()
    const onError = (error: unknown): void => failed(exchange, args[1], error)
    try {
      const result = exchange.run(call)
      const isWatched = typeof result === 'object' && result !== null && isPromise(result)
      return isWatched ? listen(result, isAsync, { onValue() {}, onError }) : result
    } catch (error) {
      onError(error)
      throw error
    }
  }
  dress(wrapped, listener)
  return wrapped as unknown as Listener
}

function failed(exchange: Exchange, { headersSent, statusCode }: NodeResponse, error: unknown): void {
  exchange.end({ status: headersSent ? statusCode : 500 }, { error })
}

/** Begins the entry of a request that ends with its response. `settle` is called before the end. */
export function follow(
  settings: Settings,
  request: NodeRequest,
  response: NodeResponse,
  settle?: (exchange: Exchange) => void
): Exchange | undefined {
  const { method = 'GET', url = '/', originalUrl = url, headers } = request
  const exchange = begin(settings, { method, url: originalUrl }, (name) => headers[name.toLowerCase()])
  keep(request, exchange)
  if (!exchange) return undefined
  if (settings.respond) respond(exchange, (name, value) => response.setHeader(name, value))
  // What comes over the socket comes in the socket's context.
  for (const emitter of [request, response]) bind(emitter, exchange)
  closed(response, (aborted) => {
    settle?.(exchange)
    const { statusCode, headersSent } = response
    const bytes = lengthOf(response.getHeader('content-length'))
    exchange.end({ status: headersSent ? statusCode : undefined, bytes, aborted })
  })
  return exchange
}

/** Tells when a response is over, and whether it was cut off. */
export function closed(response: NodeResponse, listener: (aborted: boolean) => void): void {
  let aborted = true
  response.once('finish', () => {
    aborted = false
  })
  response.once('close', () => listener(aborted))
}

function bind(emitter: object, exchange: Exchange): void {
  const { emit } = emitter as { emit?: (...args: unknown[]) => unknown }
  if (typeof emit !== 'function') return
  const value = function (this: unknown, ...args: unknown[]): unknown {
    return exchange.run(() => Reflect.apply(emit, this, args))
  }
  Object.defineProperty(emitter, 'emit', { value, configurable: true, writable: true })
}
