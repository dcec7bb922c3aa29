import { inside, prefixOf } from '../core/context.ts'
import { type Fields, merged } from '../core/fields.ts'
import { createTrace, hex, parseTraceparent } from '../core/trace.ts'
import { runtime } from '../runtimes/generic.ts'
import type { Delivery } from './delivery.ts'

/** The one member of an event's context that nfo uses. */
export interface EventContext {
  waitUntil(promise: Promise<unknown>): void
}

export interface EventPlace {
  readonly env: object
  readonly ctx: EventContext
  readonly fields: Fields
  readonly traceparent?: string | null
}

/** So often one event writes to the sinks: each time is a request, and a Worker has 50. What is left goes with a later event. */
const MOST_FLUSHES = 6
/** What is recorded when the event seemed to be over waits so many milliseconds for more. */
const LATE = 50

/**
 * Runs what an event does: with a trace and fields of its own, delivered when it has ended. Gives back what the task gives,
 * and throws what it throws.
 */
export function runEvent<Result>(delivery: Delivery, place: EventPlace, task: () => Result): Result {
  delivery.attach()
  const trace = parseTraceparent(place.traceparent) ?? createTrace()
  const context = hex(prefixOf(trace, delivery.ring))
  const event = openEvent(delivery, place, context)
  try {
    const result = inside(
      () => runtime.storage(),
      (scope) => ({
        context: { fields: merged(scope.context?.fields ?? {}, place.fields), trace },
        tell(...record) {
          scope.tell?.(...record)
          event.touch()
        }
      }),
      task
    )
    event.end(result)
    return result
  } catch (error) {
    event.end(undefined)
    throw error
  }
}

interface Event {
  /** The handler gave this. */
  end(result: unknown): void
  /** Told of each record. */
  touch(): void
}

function openEvent({ hub, attach, forEvent }: Delivery, { env, ctx }: EventPlace, context: string): Event {
  const deliver = forEvent(env, ctx)
  const hold = holderOf(ctx)
  let running = true
  let tasks = 0
  let flushes = 0
  let due = false

  async function flush(): Promise<void> {
    due = false
    const entries = hub.take(context)
    if (!running && tasks === 0) hub.close(context)
    if (entries.length === 0) return
    flushes++
    await deliver(entries)
  }

  /** In a turn of the event loop of its own: the response goes out first. */
  function flushSoon(ms: number): void {
    if (due) return
    if (flushes >= MOST_FLUSHES) return hub.close(context)
    due = true
    hold(
      new Promise((resolve) => {
        const start = (): void => resolve(flush())
        if (!runtime.later(start, ms)) start()
      })
    )
  }

  function follow(task: unknown): void {
    tasks++
    const ended = (): void => {
      tasks--
      if (!running && tasks === 0) flushSoon(0)
    }
    Promise.resolve(task).then(ended, ended)
  }

  function end(result: unknown): void {
    // The runtime may give up on tasks that take long: what the handler did does not wait for them.
    const ended = (): void => {
      running = false
      flushSoon(0)
    }
    if (result instanceof Promise) result.then(ended, ended)
    else ended()
  }

  hub.open(context)
  followTasks(ctx, follow)
  return {
    end,
    touch() {
      // The project's logger sets the recorder up anew when it is first asked for.
      attach()
      if (running || tasks > 0 || due || flushes >= MOST_FLUSHES) return
      hub.open(context)
      flushSoon(LATE)
    }
  }
}

/** Keeps the event alive. Where there is no context, or it is over, what is left goes with a later event. */
function holderOf(ctx: EventContext | undefined): EventContext['waitUntil'] {
  const { waitUntil } = ctx ?? {}
  return (promise) => {
    try {
      waitUntil?.call(ctx, promise)
    } catch {}
  }
}

/** A Durable Object's context is that of all its events, and waits for nothing. */
function followTasks(ctx: EventContext, follow: (task: unknown) => void): void {
  if (!ctx || 'storage' in ctx) return
  try {
    const { waitUntil } = ctx
    const value = (promise: Promise<unknown>): void => {
      waitUntil.call(ctx, promise)
      follow(promise)
    }
    Object.defineProperty(ctx, 'waitUntil', { value, configurable: true, writable: true })
  } catch {
    // It cannot be changed: what its tasks record later is delivered where there is AsyncLocalStorage, else with a later event.
  }
}
