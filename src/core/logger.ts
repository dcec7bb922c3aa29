import { guard, message } from './calls.ts'
import { createDelivery, type Host } from './delivery.ts'
import { peek } from './drain.ts'
import { merged } from './fields.ts'
import {
  type LoggerOptions,
  type Recording,
  type RecordOptions,
  readOptions,
  rejectUnknown,
  type Settings
} from './options.ts'
import { follow } from './recorders.ts'
import { isSecretName } from './redact.ts'
import { resize } from './resize.ts'
import { CLOSED, openGate, placeOf, Recorder, rankIn } from './ring.ts'
import { LEVELS, type WrapOptions } from './sites.ts'
import type { Entry, Ledger, Level } from './types.ts'
import { type Callable, wrap } from './wrap.ts'

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  fatal(message: string, fields?: Record<string, unknown>): void
  /** Like the function `wrap`, recording here. */
  wrap<F extends Callable>(fn: F, nameOrOptions?: string | WrapOptions): F
  /**
   * A logger that writes these fields to the `extra` of every message, beside the message's own. All else, the level and
   * the sinks, is this logger's.
   */
  child(fields: Record<string, unknown>): Logger
  /** The lowest level that is recorded; may be set at any time. */
  level: Level
  /**
   * Hands everything to the sinks and waits for them. Settles after `timeoutMs` at the latest, then with `pending` above 0.
   * Never rejects. @default timeoutMs 5000
   */
  flush(options?: { timeoutMs?: number }): Promise<Ledger>
  /** Hands everything to the sinks; only those that write synchronously are done when it returns. */
  flushSync(): Ledger
  /** What the ring still holds, also what was delivered already, and the calls that have not returned, last. */
  dump(): Entry[]
  /** Where every record is; the same for each sink, in their order. */
  stats(): Ledger & { sinks: Ledger[] }
  /** Flushes, closes the sinks and lets go of the process. Wrapped functions go on; they are recorded in the ring only. */
  close(options?: { timeoutMs?: number }): Promise<Ledger>
  [Symbol.asyncDispose](): Promise<void>
  readonly recorder: Recorder
}

/** A runtime may have files to record to. */
export interface RecordingHost extends Host {
  openRecord?(
    ring: Recorder,
    record: string | RecordOptions,
    settings: Pick<Settings, 'exitHooks' | 'environment' | 'version'>,
    ledger: () => Ledger
  ): Recording
}

const now = performance.now

/** A logger with a ring and a way to the sinks of its own, or with those it is given. Throws for options that cannot be meant. */
export function createLogger(
  options: LoggerOptions,
  host: RecordingHost,
  ring: Recorder = new Recorder(65_536),
  deliver: typeof createDelivery = createDelivery
): Logger {
  const settings = readOptions(options, ring)
  Object.assign(ring, settings.limits, { redact: settings.redact, frozenClock: host.frozenClock })
  follow(ring, settings)
  ring.late ||= settings.redact !== undefined && ring.sites.length > 1
  // What was recorded before may have used names that are to be left out from now on.
  for (const [name, number] of ring.names) ring.names.set(name, (number & ~1) | +isSecretName(name, settings.redact))
  if (ring.size !== settings.ring && ring.mask === 0) ring.size = settings.ring
  else if (ring.size !== settings.ring) resize(ring, settings.ring, ring.shared)
  const { record } = options
  if (record !== undefined && !host.openRecord) {
    throw new Error('[nfo] [record] this runtime has no files; leave record out, or give a sink to keep the entries')
  }
  const recording =
    record === undefined ? undefined : host.openRecord?.(ring, record, settings, () => delivery.ledger())
  const delivery = deliver(ring, settings, host)
  let closing: Promise<Ledger> | undefined

  function log(level: number, text: string, fields: unknown): void {
    const from = placeOf(ring)
    if (level < rankIn(ring, from)) {
      if (ring.refusing) {
        ring.accepted++
        ring.dropped++
      }
      return
    }
    guard(ring, () =>
      message(ring, level, typeof text === 'string' ? text : String(text), fields, now.call(performance), from)
    )
  }

  const logger: Logger = {
    recorder: ring,
    debug: (text, fields) => log(0, text, fields),
    info: (text, fields) => log(1, text, fields),
    warn: (text, fields) => log(2, text, fields),
    error: (text, fields) => log(3, text, fields),
    fatal: (text, fields) => log(4, text, fields),
    wrap: (fn, nameOrOptions = {}) =>
      wrap(fn, { ...(typeof nameOrOptions === 'string' ? { name: nameOrOptions } : nameOrOptions), logger }),
    child: (fields) => childOf(logger, fields),
    get level() {
      return LEVELS[ring.rank]
    },
    set level(level) {
      rejectUnknown('logger', 'level', [level], LEVELS)
      ring.rank = LEVELS.indexOf(level)
      if (ring.gate !== CLOSED) ring.gate = openGate(ring)
    },
    async flush({ timeoutMs = 5000 } = {}) {
      await delivery.flush(timeoutMs)
      return delivery.ledger()
    },
    flushSync() {
      delivery.flushSync()
      return delivery.ledger()
    },
    dump: () => peek(ring),
    stats: () => ({ ...delivery.ledger(), sinks: delivery.sinkLedgers() }),
    close({ timeoutMs = 5000 } = {}) {
      closing ??= delivery.close(timeoutMs).then(() => {
        recording?.close()
        return delivery.ledger()
      })
      return closing
    },
    async [Symbol.asyncDispose]() {
      await logger.close()
    }
  }
  logger.level = settings.level
  return logger
}

function childOf(parent: Logger, fields: Record<string, unknown>): Logger {
  const own = merged({}, fields)
  const child: Logger = Object.create(parent)
  for (const level of LEVELS) child[level] = (text, more) => parent[level](text, merged(own, more))
  child.child = (more) => childOf(child, more)
  return child
}
