import { entryFields, entryText } from './bridges/entry.ts'
import { getLogger } from './configure.ts'
import type { Logger } from './core/logger.ts'
import { LEVELS } from './core/sites.ts'
import type { Level, Sink } from './core/types.ts'

export interface PinoDestinationOptions {
  /** Where the entries are recorded. @default the logger of `configure()`, also a later one */
  logger?: Pick<Logger, Level>
  /** The property that holds the message, as pino was told. @default 'msg' */
  messageKey?: string
}

/** What pino writes to. */
export interface PinoDestination {
  /** By this pino tells it from options. */
  readonly writable: true
  write(line: string): void
}

/**
 * A destination for pino: each of its lines becomes an entry, with the message as its text and the rest (`err`, `hostname`,
 * bindings) in `extra`. `trace` becomes `debug`; the time is that of the entry. A line that is no JSON is a message of
 * level `info`.
 *
 * @example
 *     const log = pino(pinoDestination())
 */
export function pinoDestination(options: PinoDestinationOptions = {}): PinoDestination {
  const { logger, messageKey = 'msg' } = options
  return {
    writable: true,
    write(line) {
      const { level, time: _, [messageKey]: text = '', ...fields } = parse(line, messageKey)
      const target = logger ?? getLogger()
      target[levelOf(level)](String(text), fields)
    }
  }
}

function parse(line: string, messageKey: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>
  } catch {}
  return { [messageKey]: line.trimEnd() }
}

/** Pino's levels are numbers, from 10 for trace to 60 for fatal; or names, with a formatter. */
function levelOf(level: unknown): Level {
  if (typeof level === 'number') return LEVELS[Math.max(0, Math.min(4, Math.floor(level / 10) - 2))]
  if (level === 'trace') return 'debug'
  return LEVELS.includes(level as Level) ? (level as Level) : 'info'
}

/** What nfo uses of a pino logger. */
export type PinoLike = Record<Level, (fields: object, message: string) => void>

/**
 * A sink that writes entries to a pino logger: the text, or the call as `name(args)`, as its message, the rest as fields.
 * Pino's own redaction, serializers and levels apply. Do not give it the pino logger that writes to nfo.
 *
 * @example
 *     configure({ sinks: [pinoSink(pino())] })
 */
export function pinoSink(logger: PinoLike): Sink {
  return {
    write(entries) {
      for (const entry of entries) logger[entry.level](entryFields(entry), entryText(entry))
    },
    // Pino's lines are in its destination when it returns, unless that was made to wait.
    flushSync() {}
  }
}
