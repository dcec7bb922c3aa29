import type { Sink, Stage } from './types.ts'

type Act = (sink: Sink) => void | Promise<void>

const flush: Act = (sink) => sink.flush?.()
const flushSync: Act = (sink) => sink.flushSync?.()
const close: Act = (sink) => sink.close?.()

/**
 * One sink out of stages and sinks, left to right. A sink that is not last is a tap: it writes, then passes on, also when it
 * fails; its error is thrown after that. A stage may leave out `flush`, `flushSync` and `close`: the pipe hands them on itself.
 * Throws when the last part is not a sink.
 *
 * @example
 *     pipe(consoleSink(), (next) => ({ write: (entries) => next.write(entries.slice(-10)) }), jsonSink('app.jsonl'))
 */
export function pipe(...parts: (Stage | Sink)[]): Sink {
  const last = parts[parts.length - 1]
  if (!last || typeof last === 'function') throw new TypeError('[nfo] [pipe] the last part is not a sink; end with one')
  const before = parts.slice(0, -1)
  return before.reduceRight<Sink>(
    (next, part) => (typeof part === 'function' ? through(part, next) : tee(part, next)),
    last
  )
}

/**
 * Gives every batch to every sink, also when some of them throw or reject. One error is thrown as it is, several as an
 * AggregateError. Waits only for sinks that gave a promise.
 *
 * @example
 *     tee(memorySink(), jsonSink('app.jsonl'))
 */
export function tee(...sinks: Sink[]): Sink {
  const sink: Sink = {
    write: (entries) => each(sinks, (sink) => sink.write(entries)),
    flush: () => each(sinks, flush),
    close: () => each(sinks, close)
  }
  if (sinks.every((sink) => sink.flushSync)) sink.flushSync = () => void each(sinks, flushSync)
  return sink
}

// The stage sees only `write` of what follows, so nothing is flushed or closed twice, whatever the stage hands on; and
// whether there is a `flushSync`, without which holding back entries to the end would lose them.
function through(stage: Stage, next: Sink): Sink {
  const write: Sink['write'] = (entries) => next.write(entries)
  const own = stage(next.flushSync ? { write, flushSync() {} } : { write })
  const sink: Sink = {
    write: (entries) => own.write(entries),
    flush: () => inTurn(own, next, flush),
    close: () => inTurn(own, next, close)
  }
  if (next.flushSync) sink.flushSync = () => void inTurn(own, next, flushSync)
  return sink
}

// The second waits for the first, which may still write into it, and has its turn whatever became of that.
function inTurn(first: Sink, second: Sink, act: Act): void | Promise<void> {
  const afterFailure = (error: unknown) => each([second], act, [error])
  let waiting: void | Promise<void>
  try {
    waiting = act(first)
  } catch (error) {
    return afterFailure(error)
  }
  return isPromise(waiting) ? waiting.then(() => act(second), afterFailure) : act(second)
}

// Acts on all of them, then throws what went wrong before or on the way.
function each(sinks: readonly Sink[], act: Act, errors: unknown[] = []): void | Promise<void> {
  const waiting: Promise<unknown>[] = []
  for (const sink of sinks) {
    try {
      const result = act(sink)
      if (isPromise(result)) waiting.push(result.then(undefined, (error) => errors.push(error)))
    } catch (error) {
      errors.push(error)
    }
  }
  return waiting.length > 0 ? Promise.all(waiting).then(() => raise(errors)) : raise(errors)
}

function raise(errors: unknown[]): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, `[nfo] [tee] ${errors.length} sinks failed; see errors`)
}

// `(entries) => list.push(...entries)` passes as a sink's write for the type checker: its number is not worth waiting for.
function isPromise(result: unknown): result is Promise<void> {
  return typeof (result as Promise<void> | undefined)?.then === 'function'
}
