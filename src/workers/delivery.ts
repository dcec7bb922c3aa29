import { unseen } from '../core/context.ts'
import type { Fields } from '../core/fields.ts'
import { rejectUnknown } from '../core/options.ts'
import { follow } from '../core/recorders.ts'
import { CLOSED, defaultRecorder, openGate, type Recorder } from '../core/ring.ts'
import { LEVELS } from '../core/sites.ts'
import type { Entry, Level, Sink } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import { note } from '../sinks/_note.ts'
import { type Hub, hubOf } from './hub.ts'
import type { ContextOf, EnvOf, EventOf } from './types.ts'

export interface WorkerOptions<Worker = object> {
  /**
   * Where entries go: sinks, functions that make one for each event (`d1Sink('DB')` is one), or one function that makes all.
   * A sink that waits for something has to be made for each event, as a Worker's event cannot wait for another one's I/O.
   */
  sinks:
    | readonly (Sink | ((env: EnvOf<Worker>, ctx: ContextOf<Worker>) => Sink))[]
    | ((env: EnvOf<Worker>, ctx: ContextOf<Worker>) => readonly Sink[])
  /** Calls and messages below it are not recorded; failures are errors, events are `info`. @default the logger's */
  level?: Level
  /** Fields for every entry of an event, besides the usual ones: `(request) => ({ route: '…' })`. @default none */
  fields?: (event: EventOf<Worker>, env: EnvOf<Worker>) => Fields
  /** Written to every entry. */
  environment?: string
  /** Written to every entry. */
  version?: string
  /** The logger whose records are delivered; its own sinks get nothing. @default the project's */
  logger?: { readonly recorder: Recorder }
}

type Given = Sink | ((env: object, ctx: object) => Sink)

/** Where the records of one wrapper come from and go to. */
export interface Delivery {
  readonly ring: Recorder
  readonly hub: Hub
  fields(event: unknown, env: unknown): Fields
  /** Makes sure that nobody else takes the records. */
  attach(): void
  /** A way to the sinks for one event. Never rejects. */
  forEvent(env: object, ctx: object): (entries: Entry[]) => Promise<void>
}

const TAKEN_OVER = '[nfo] [workers] the logger has sinks of its own, which get nothing here; give them to wrapWorker'
const OPTIONS = ['sinks', 'level', 'fields', 'environment', 'version', 'logger']

/** Checks the options and sets the recorder up. */
export function createDelivery<Worker>(options: WorkerOptions<Worker>): Delivery {
  rejectUnknown('workers', 'option', Object.keys(options), OPTIONS)
  const { sinks, level, fields, environment = '', version = '', logger } = options
  if (typeof sinks !== 'function' && !Array.isArray(sinks))
    throw new TypeError("[nfo] [workers] sinks is missing; pass a list such as [d1Sink('DB')], or a function of env")
  if (level !== undefined) rejectUnknown('workers', 'level', [level], LEVELS)
  const ring = logger?.recorder ?? defaultRecorder
  const hub = hubOf(ring)
  let lost = 0
  let reported = false
  let warned = false
  // Where it has to be loaded first, it is there by the first event.
  runtime.storage()

  function report(error: unknown, count: number): void {
    lost += count
    if (!reported) runtime.print('stderr', `${(error as Error)?.message ?? error}; ${count} entries are lost`)
    reported = true
  }

  async function write(make: () => Sink, entries: readonly Entry[]): Promise<void> {
    try {
      const sink = make()
      await sink.write(entries)
      await sink.flush?.()
      reported = false
    } catch (error) {
      report(error, entries.length)
    }
  }

  return {
    ring,
    hub,
    fields(event, env) {
      try {
        return fields?.(event as EventOf<Worker>, env as EnvOf<Worker>) ?? {}
      } catch (error) {
        runtime.print(
          'stderr',
          `[nfo] [workers] fields: ${(error as Error)?.message ?? error}; the event goes without them`
        )
        return {}
      }
    },
    attach() {
      if (ring.onWish === hub.onWish) return
      if (ring.onWish && !warned) runtime.print('stderr', TAKEN_OVER)
      warned ||= ring.onWish !== undefined
      ring.onWish = hub.onWish
      ring.onFailure = undefined
      ring.wish = ring.mark = ring.head
      ring.frozenClock = runtime.frozenClock
      follow(ring, { environment, version })
      if (level !== undefined) ring.rank = LEVELS.indexOf(level)
      if (ring.gate !== CLOSED) ring.gate = openGate(ring)
    },
    forEvent(env, ctx) {
      let given: readonly Given[] | undefined
      const made: Sink[] = []
      const sinkAt = (index: number): Sink => {
        const sink = (given as readonly Given[])[index]
        made[index] ??= typeof sink === 'function' ? sink(env, ctx) : sink
        return made[index]
      }
      return async function deliver(entries) {
        if (lost > 0) entries.push(note(lost, 'a sink failed'))
        lost = 0
        for (const entry of entries) {
          if (environment) entry.environment ??= environment
          if (version) entry.version ??= version
        }
        let writing: Promise<unknown> | undefined
        // What sinks call is not recorded.
        unseen(() => {
          try {
            given ??= (typeof sinks === 'function' ? sinks(env as never, ctx as never) : sinks) as readonly Given[]
            writing = Promise.all(given.map((_, index) => write(() => sinkAt(index), entries)))
          } catch (error) {
            report(error, entries.length)
          }
        })
        await writing
      }
    }
  }
}
