import { entryFields, entryText } from './bridges/entry.ts'
import { getLogger } from './configure.ts'
import type { Logger } from './core/logger.ts'
import type { Level, Sink } from './core/types.ts'

/** The few members of winston's `Transport` that nfo uses. */
export interface WinstonTransportLike {
  emit(event: 'logged', info: unknown): boolean
}

/** Winston's `Transport`, of which nfo makes a class of its own. */
export type WinstonTransportClass<Options, Transport extends WinstonTransportLike> = new (
  options?: Options
) => Transport

type Info = Record<PropertyKey, unknown>

const LEVEL = Symbol.for('level')
const LEVEL_OF: Readonly<Record<string, Level>> = {
  fatal: 'fatal',
  emerg: 'fatal',
  alert: 'fatal',
  crit: 'fatal',
  error: 'error',
  warn: 'warn',
  warning: 'warn',
  notice: 'info',
  info: 'info',
  http: 'info',
  verbose: 'debug',
  debug: 'debug',
  silly: 'debug'
}

/**
 * A transport for winston: each of its lines becomes an entry, with the message as its text and the other fields in `extra`.
 * Takes the class of `winston-transport`, which comes with winston, and its options (`level`, `format`, `silent`, `handleExceptions`); `logger` is where the entries
 * are recorded, by default the one of `configure()`. Levels of the npm and syslog sets are known, others are `info`.
 *
 * @example
 *     winston.createLogger({ transports: [winstonTransport(Transport, { level: 'http' })] })
 */
export function winstonTransport<Options extends object, Transport extends WinstonTransportLike>(
  Class: WinstonTransportClass<Options, Transport>,
  options?: Options & { logger?: Pick<Logger, Level> }
): Transport {
  const { logger, ...own } = options ?? ({} as Options & { logger?: Pick<Logger, Level> })
  const transport = new Class(own as unknown as Options)
  return Object.assign(transport, {
    log(info: Info, next: () => void) {
      const { level, message, ...fields } = info
      const target = logger ?? getLogger()
      target[LEVEL_OF[String(info[LEVEL] ?? level)] ?? 'info'](String(message), plain(fields))
      transport.emit('logged', info)
      next()
    }
  })
}

/** Without winston's symbols, and nothing when nothing is left. */
function plain(fields: Info): Record<string, unknown> | undefined {
  const entries = Object.entries(fields)
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

/** What nfo uses of a winston logger. */
export interface WinstonLike {
  readonly levels?: Readonly<Record<string, number>>
  log(entry: { level: string; message: string; [field: string]: unknown }): unknown
}

/**
 * A sink that writes entries to a winston logger: the text, or the call as `name(args)`, as its message, the rest as fields.
 * `fatal` becomes `error` where winston has no such level. Do not give it the logger that writes to nfo.
 *
 * @example
 *     configure({ sinks: [winstonSink(winston.createLogger({ transports: [new winston.transports.Console()] }))] })
 */
export function winstonSink(logger: WinstonLike): Sink {
  const nameOf = (level: Level): string => {
    if (!logger.levels || level in logger.levels) return level
    return level === 'fatal' ? 'error' : level === 'warn' ? 'warning' : level
  }
  return {
    write(entries) {
      for (const entry of entries) {
        logger.log({ ...entryFields(entry), level: nameOf(entry.level), message: entryText(entry) })
      }
    }
  }
}
