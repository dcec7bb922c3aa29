import { dress } from '../core/wrap.ts'
import { runtime } from '../runtimes/generic.ts'
import type { followBody } from './body.ts'
import { begin } from './exchange.ts'
import { type HttpOptions, readOptions, type Settings } from './options.ts'
import { lengthOf, respond } from './respond.ts'
import type { Exchange, Outcome } from './types.ts'

type Signal = { readonly aborted: boolean } | undefined

/** The few members of a `Request` that are used. */
export interface FetchRequest {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly signal?: Signal
}

/** The few members of a `Response` that are used. */
export interface FetchResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null; set(name: string, value: string): void }
  readonly body?: unknown
}

export interface FetchOptions extends HttpOptions {
  /**
   * `followBody`, to follow the body of each response to its end: duration, bytes and aborts are then those of the stream,
   * and what it calls while it is read is the request's. The response is another one, with the same status and headers and
   * a stream for its body. @default none: the response is the handler's own
   */
  body?: typeof followBody
}

/**
 * A handler for `Deno.serve`, `Bun.serve`, a Worker or a service worker that does the same and is recorded: one entry a
 * request, and its context on all that it calls. The entry ends when the response has been sent where the server tells
 * (Deno), else when the handler gives it. Responses, `this` and errors are those of the handler.
 *
 * @example
 * Deno.serve(wrapFetch((request) => new Response(request.url)))
 */
export function wrapFetch<Handler extends (request: never, ...rest: never[]) => unknown>(
  handler: Handler,
  { body, ...options }: FetchOptions = {}
): Handler {
  const settings = readOptions('wrapFetch', options)
  function wrapped(this: unknown, ...args: [FetchRequest, ...unknown[]]): unknown {
    const handle = (): unknown => Reflect.apply(handler, this, args)
    const exchange = beginOf(settings, args[0])
    return exchange ? answer(settings, exchange, args, handle, body) : handle()
  }
  dress(wrapped, handler)
  return wrapped as unknown as Handler
}

export const beginOf = (settings: Settings, request: FetchRequest): Exchange | undefined =>
  begin(settings, request, (name) => request.headers.get(name))

/** Runs the handler of a request that has an entry. */
export function answer(
  { respond: says }: Settings,
  exchange: Exchange,
  [request, beside]: readonly [FetchRequest, ...unknown[]],
  handle: () => unknown,
  body?: typeof followBody
): unknown {
  const signal = signalOf(request)
  const failed = (error: unknown): never => {
    exchange.end({ status: 500 }, { error })
    throw error
  }
  const done = (result: unknown): unknown => {
    const response = result as FetchResponse | undefined
    if (says) respond(exchange, (name, value) => response?.headers.set(name, value))
    const outcome = outcomeOf(request, response)
    if (body && response?.body && request.method !== 'HEAD') return body(response, exchange, outcome)
    ended(exchange, beside, outcome, signal)
    return result
  }
  try {
    const result = exchange.run(handle)
    const isPromise = typeof (result as PromiseLike<unknown> | undefined)?.then === 'function'
    return isPromise ? Promise.resolve(result).then(done, failed) : done(result)
  } catch (error) {
    return failed(error)
  }
}

/**
 * Taken before the handler runs: Bun's, when it is first asked for later, does not know what was before. Deno's aborts also
 * when all is well, and asking for it is told on stderr.
 */
export const signalOf = (request: FetchRequest): Signal => (runtime.name === 'deno' ? undefined : request.signal)

/** Bun has no response for what it upgraded. */
export function outcomeOf({ headers }: FetchRequest, response: FetchResponse | undefined): Outcome {
  const status = response?.status ?? (headers.get('upgrade') ? 101 : undefined)
  return { status, bytes: lengthOf(response?.headers?.get('content-length')) }
}

/** Ends the entry when the response has been sent, which Deno has a promise for, or at once. */
export function ended(exchange: Exchange, beside: unknown, outcome: Outcome, signal: Signal): void {
  const { completed } = (beside ?? {}) as { completed?: Promise<unknown> }
  const isGone = signal?.aborted
  const end = (isCut?: boolean): void =>
    exchange.end({ ...outcome, aborted: outcome.status !== 101 && (isCut || isGone) })
  if (!completed) return end()
  completed.then(
    () => end(),
    () => end(true)
  )
}
