import { inside, type MakeStorage, traceparentHere } from './core/context.ts'
import { type Fields, merged } from './core/fields.ts'
import { rejectUnknown } from './core/options.ts'
import { CLOSED } from './core/ring.ts'
import { LEVELS } from './core/sites.ts'
import { tellSink } from './core/tap.ts'
import { createTrace, parseTraceparent } from './core/trace.ts'
import type { Level, Sink } from './core/types.ts'
import { runtime } from './runtimes/generic.ts'

const storage: MakeStorage = () => runtime.storage()

/** Fields for `extra`. `traceparent`, a W3C header, is no field: it continues the trace of whoever sent it. */
export interface ContextFields extends Fields {
  /** One that is not valid is ignored, and null is none. @default the trace around, or a new one */
  traceparent?: string | null
}

/**
 * Runs `fn` and gives back what it gives. Every call and message inside, also after an `await`, has the fields in its
 * `extra`, the trace's id in `traceId`, and its caller in `parentId`. Contexts nest; inner fields win. Where the runtime
 * has no AsyncLocalStorage (browsers, Workers without `nodejs_als`) they end at the first `await`: from there on callers and
 * fields are unknown, never wrong. 512 bytes of fields are kept.
 *
 * @example
 * const handle = wrap(async (request: Request) => new Response(request.url))
 * const serve = (request: Request) =>
 *   withContext({ path: request.url, traceparent: request.headers.get('traceparent') }, () => handle(request))
 */
export function withContext<Result>(fields: ContextFields, fn: () => Result): Result {
  const { traceparent, ...own } = merged({}, fields)
  return inside(
    storage,
    ({ context }) => ({
      context: {
        fields: merged(context?.fields ?? {}, own),
        trace: parseTraceparent(traceparent) ?? context?.trace ?? createTrace()
      }
    }),
    fn
  )
}

/**
 * The W3C `traceparent` to send with a request from here; undefined outside of `withContext`.
 *
 * @example
 * withContext({}, () => fetch(url, { headers: { traceparent: currentTraceparent() ?? '' } }))
 */
export function currentTraceparent(): string | undefined {
  return traceparentHere()
}

/**
 * Runs `fn` and records nothing inside, no call, message or failure, also after an `await`. Gives back what `fn` gives.
 *
 * @example
 * silence(() => pollHealth())
 */
export function silence<Result>(fn: () => Result): Result {
  return inside(storage, () => ({ rank: CLOSED }), fn)
}

/**
 * Runs `fn` with another level for what it calls, also after an `await`, whatever the loggers' own. Inside `silence` it
 * makes no noise. Gives back what `fn` gives; throws for a level that is not known.
 *
 * @example
 * withLevel('debug', () => replay(order))
 */
export function withLevel<Result>(level: Level, fn: () => Result): Result {
  rejectUnknown('withLevel', 'level', [level], LEVELS)
  return inside(storage, ({ rank }) => ({ rank: rank === CLOSED ? rank : LEVELS.indexOf(level) }), fn)
}

/**
 * Runs `fn`, and what is recorded inside goes to `sink` as well: at once, one entry at a time, whatever the logger's
 * delivery, while its own sinks get it as ever. Inside another `withSink` it goes to both. The sink stays open; what it
 * refuses is counted nowhere. Gives back what `fn` gives.
 *
 * @example
 * const seen = memorySink()
 * withSink(seen, () => checkout(cart))
 */
export function withSink<Result>(sink: Sink, fn: () => Result): Result {
  if (typeof sink?.write !== 'function')
    throw new TypeError('[nfo] [withSink] the sink has no write function; pass a sink, such as memorySink()')
  return inside(storage, ({ tell }) => ({ tell: tellSink(sink, tell, (line) => runtime.print('stderr', line)) }), fn)
}
