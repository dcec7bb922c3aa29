import { createLogger as createCoreLogger, type Logger } from './core/logger.ts'
import type { LoggerOptions } from './core/options.ts'
import { defaultRecorder } from './core/ring.ts'
import type { Level, Sink } from './core/types.ts'
import { runtime } from './runtimes/generic.ts'
import { sinkOf } from './specs.ts'

export interface ConfigureOptions extends Omit<LoggerOptions, 'sinks'> {
  /**
   * Sinks, or specs that name one: `'console:'`, `'memory:1000'` (entries), `'json:app.jsonl'` (a path; `json:-` is
   * standard output). @default none
   */
  sinks?: readonly (Sink | string)[]
  /** Replaces the logger of an earlier call, which is flushed and closed. @default false */
  force?: boolean
}

let configured: Logger | undefined

/**
 * Sets up, once for a whole project, where what `wrap` records goes, from now on and from before. A second call gives
 * the same logger unless `force` is set. The environment overrides: `NFO_LEVEL`, `NFO_SINKS` (specs, with commas),
 * `NFO_ENV`, `NFO_VERSION`. Throws for an option, level or spec that is not known.
 *
 * @example
 * const logger = configure({ level: 'info', sinks: ['console:', 'json:app.jsonl'] })
 */
export function configure(options: ConfigureOptions = {}): Logger {
  const { force = false, ...rest } = options
  if (configured && !force) return configured
  const sinks = runtime.env('NFO_SINKS')?.split(',').filter(Boolean) ?? options.sinks ?? []
  const settings: LoggerOptions = {
    ...rest,
    sinks: sinks.map((sink) => (typeof sink === 'string' ? sinkOf(sink, 'configure') : sink)),
    level: (runtime.env('NFO_LEVEL') as Level | undefined) ?? options.level,
    environment: runtime.env('NFO_ENV') ?? options.environment,
    version: runtime.env('NFO_VERSION') ?? options.version
  }
  // The new one's options are checked before the old one is let go.
  const old = configured
  old?.flushSync()
  configured = createCoreLogger(settings, runtime, defaultRecorder)
  void old?.close()
  return configured
}

/** The logger of `configure()`; before that, one without sinks over the ring that `wrap` records to. */
export function getLogger(): Logger {
  return configured ?? configure()
}

/**
 * A logger with a ring of its own, beside the project's.
 *
 * @example
 * const audit = createLogger({ sinks: [memorySink()] })
 * const pay = audit.wrap((amount: number) => amount, 'pay')
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  return createCoreLogger(options, runtime)
}
