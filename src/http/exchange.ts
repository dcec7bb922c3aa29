import { type Call, fail, finish, guard, park, unpark } from '../core/calls.ts'
import { inside, Scope } from '../core/context.ts'
import type { Fields } from '../core/fields.ts'
import { begun } from '../core/invoke.ts'
import { COUNT_SHIFT, PINNED } from '../core/layout.ts'
import { rankIn, tracing } from '../core/ring.ts'
import { createTrace, parseTraceparent } from '../core/trace.ts'
import { runtime } from '../runtimes/generic.ts'
import { isIgnored, type RequestLine, type Settings } from './options.ts'
import type { Exchange, Incoming } from './types.ts'

const PARAMS: readonly string[] = ['url', 'headers']
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/
const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/
const MOST_NAMES = 1000
const INFO = 1
const ERROR = 3

/** Begins the entry of a request; undefined for one that is ignored, or is no request. */
export function begin(settings: Settings, request: Incoming, header: (name: string) => unknown): Exchange | undefined {
  const { ring, headers } = settings
  let exchange: Exchange | undefined
  guard(ring, () => {
    const url = request.url.replace(/^\w+:\/\/[^/?#]*/, '') || '/'
    const method = METHODS.test(request.method) ? request.method : 'HTTP'
    const line = { method, path: url.replace(/[?#].*/s, '') }
    if (isIgnored(settings, line)) return
    const requestId = REQUEST_ID.exec(String(header('x-request-id') ?? ''))?.[0] ?? crypto.randomUUID()
    // A request is a trace of its own, also in a server that was started inside of another one.
    const trace = parseTraceparent(header('traceparent')) ?? createTrace()
    const args: unknown[] = [url]
    if (headers) args[1] = Object.fromEntries(headers.map((name) => [name, header(name)]).filter(([, value]) => value))
    inside(
      () => runtime.storage(),
      ({ context }) => {
        const { route: _, ...around } = context?.fields ?? {}
        return { context: { fields: { ...around, requestId, method }, trace } }
      },
      () => {
        exchange = track(settings, args, requestId, line)
      }
    )
  })
  return exchange
}

/** The entry of a request, from here, where its context is, to its end. */
function track({ ring, names, route }: Settings, args: unknown[], id: string, line: RequestLine): Exchange {
  // Nobody's callee: calls around it belong to whoever started the server.
  const scope = new Scope(undefined, tracing.here?.() as Scope)
  const context = scope.context!
  const start = performance.now()
  let name = line.method
  let call: Call | undefined
  let over = false

  /** To all that is recorded from now on; what was encoded before is thrown away. */
  function say(fields: Fields): void {
    context.fields = { ...context.fields, ...fields }
    context.ring = undefined
  }

  const siteOf = (level: number): number => ring.siteNumber(name, 'http', PARAMS.slice(0, args.length), level)

  function open(): Call {
    const { current, depth } = ring
    const secret = +(ring.redact?.has(PARAMS[0]) ?? 0)
    ring.current = 0
    const opened = begun({ recorder: ring, limits: undefined, secret, word: siteOf(INFO) }, args, scope)
    Object.assign(ring, { current, depth })
    park(opened)
    // Never at its end again: only a record of its own may say another name, level and context.
    return Object.assign(opened, { head: NaN, start })
  }

  const exchange: Exchange = {
    id,
    run(task) {
      const { current } = ring
      const span = call?.span ?? 0
      ring.current = span
      try {
        return scope.within(ring, span, task)
      } finally {
        ring.current = current
      }
    },
    route(pattern) {
      if (!pattern || context.fields.route) return
      const full = `${line.method} ${pattern}`
      if (names.size < MOST_NAMES) names.add(full)
      if (names.has(full)) name = full
      say({ route: pattern })
    },
    end({ status, bytes, aborted }, thrown = exchange.thrown) {
      if (over) return
      over = true
      const duration = performance.now() - start
      const code = status ?? (thrown ? 500 : 0)
      const level = code > 499 ? ERROR : code > 399 || aborted ? 2 : INFO
      guard(ring, () => {
        if (!call && rankIn(ring, scope) > level) {
          // Counted, as every call that a full ring refuses.
          if (ring.refusing) throw level
          return
        }
        const ending = call ?? open()
        const said: Fields = {}
        if (status) said.status = status
        if (bytes !== undefined) said.bytes = bytes
        if (aborted) said.aborted = true
        if (thrown && level < ERROR) said.error = String(thrown.error)
        say(said)
        ending.word = siteOf(level) | (args.length << COUNT_SHIFT)
        unpark(ending)
        if (level < ERROR) return finish(ending, duration, 0, status)
        if (thrown) return fail(ending, duration, 0, thrown.error)
        finish(ending, duration, PINNED, status)
        ring.onFailure?.()
      })
    }
  }
  exchange.route(route?.(line))
  if (rankIn(ring, scope) <= INFO) call = open()
  return exchange
}
