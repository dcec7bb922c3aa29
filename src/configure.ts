import { type BridgeConsoleOptions, bridgeConsole } from './bridges/console.ts'
import { bridgeWarnings, isPrintedWarning } from './bridges/warnings.ts'
import { behind } from './configure/behind.ts'
import { readEnvironment } from './configure/environment.ts'
import { frontOf } from './configure/front.ts'
import { createLevels, type Levels } from './configure/levels.ts'
import { sinkOf } from './configure/specs.ts'
import { createLogger as createCoreLogger, type Logger } from './core/logger.ts'
import { type LoggerOptions, rejectUnknown } from './core/options.ts'
import { defaultRecorder } from './core/ring.ts'
import type { Level, Sink, Stage } from './core/types.ts'
import { runtime } from './runtimes/generic.ts'
import type { LlmOptions } from './sinks/llm.ts'
import type { ThreadOptions } from './thread/options.ts'
import { setUpThread, type ThreadSetup } from './thread/start.ts'

export interface ConfigureOptions extends Omit<LoggerOptions, 'sinks'> {
  /** Of the project, written to the entries of its own messages and calls that have no module. @default '' */
  name?: string
  /**
   * Levels of modules, by name or with `*` for any characters: `{ 'shop/*': 'warn' }`. The longest one that fits wins.
   * The lowest of all levels is recorded; what is below its module's own is kept from the sinks, not from the ring, the
   * record file and the ledger. @default none
   */
  levels?: Readonly<Record<string, Level>>
  /**
   * Sinks, or specs that name one: `'console:'`, `'memory:1000'` (entries), `'json:app.jsonl'` (a path; `json:-` is
   * standard output), `'csv:PATH'`, `'md:PATH'`, `'sqlite:PATH'`, `'webhook:URL'`, what `registerSink` added, and
   * `'NAME:…'` of a package `nfo-sink-NAME`. The same spec twice is one sink. @default none
   */
  sinks?: readonly (Sink | string)[]
  /**
   * Share of the entries to keep, from 0 to 1, besides all errors and calls of a second or more. For more than that put the
   * stage `sample` into `stages`. @default 1
   */
  sample?: number
  /**
   * What all sinks have in front of them, in this order, and share: `[tag(), dedupe()]`. Each stage sees an entry once.
   * A stage whose `write` waits for something belongs into a `pipe`. @default none
   */
  stages?: readonly Stage[]
  /**
   * Whether what is written to the console, and the process's warnings, become entries. The console still prints, unless
   * `silent` is set or there is a sink `'console:'`, which does. @default false
   */
  bridge?: boolean | Omit<BridgeConsoleOptions, 'logger'>
  /**
   * A language model that is asked for the cause of errors, such as `'openai/gpt-4o-mini'`, or the options of `llm`.
   * One that cannot be used is one line on stderr. @default none
   */
  llm?: string | LlmOptions
  /**
   * Whether a worker thread does the work (Node, Deno, Bun): it takes the calls out of the shared ring, decodes them and runs the
   * sinks, which are named by specs or come from a module; see `ThreadOptions`. With `true`, `ring` is 16 MiB by default.
   * @default false
   */
  thread?: boolean | ThreadOptions
  /** Replaces the logger of an earlier call, which writes all it has and is closed. @default false */
  force?: boolean
}

/** What `configure` gives. */
export interface ProjectLogger extends Logger {
  /** Sets the level of modules from now on, as in `levels`; without a level, the general one applies to them again. */
  setLevel(modules: string, level?: Level): void
}

// A type's keys, so that an option of the core is not forgotten here.
const OPTIONS: Record<keyof ConfigureOptions, 1> = {
  name: 1,
  level: 1,
  levels: 1,
  sinks: 1,
  sample: 1,
  stages: 1,
  redact: 1,
  environment: 1,
  version: 1,
  bridge: 1,
  llm: 1,
  thread: 1,
  force: 1,
  record: 1,
  delivery: 1,
  overflow: 1,
  ring: 1,
  interval: 1,
  queue: 1,
  capture: 1,
  exitHooks: 1
}
// How long an old logger may take to write what it has; a process that ends waits for it.
const LONGEST_CLOSE = 30_000

let configured: ProjectLogger | undefined
// By whom nobody asked for it: it is there until the app configures.
let implied = false

/**
 * Sets up, once for a whole project, where what `wrap` records goes, from now on and from before. A second call gives
 * the same logger unless `force` is set. The environment overrides: `NFO_LEVEL` (`info`, or `info,shop/*=debug`),
 * `NFO_SINKS` (specs, with commas), `NFO_ENV`, `NFO_VERSION`, `NFO_SAMPLE`, `NFO_RECORD` (a path), `NFO_LLM_MODEL`;
 * `NFO_REDACT` (names, with commas) and `NFO_WEBHOOK_URL` are added. Throws for an option, level or spec that is not known.
 *
 * @example
 * const logger = configure({ level: 'info', levels: { 'shop/*': 'debug' }, sinks: ['console:', 'json:app.jsonl'] })
 */
export function configure(options: ConfigureOptions = {}): ProjectLogger {
  if (configured && !implied && !options.force) return configured
  rejectUnknown('configure', 'option', Object.keys(options), Object.keys(OPTIONS))
  const logger = setUp(readEnvironment(options, runtime.env), configured)
  // Who has the implied logger has this one.
  configured =
    implied && configured ? Object.defineProperties(configured, Object.getOwnPropertyDescriptors(logger)) : logger
  implied = false
  return configured
}

function setUp(options: ConfigureOptions, old: ProjectLogger | undefined): ProjectLogger {
  const { name, level, levels: ofModules, sinks = [], sample, stages, bridge, llm, thread, force: _, ...rest } = options
  const levels = createLevels(level, ofModules, name)
  const chosen = [...new Set(sinks.map((sink) => (typeof sink === 'string' ? sink.trim() : sink)))]
  const ends = chosen.map((sink) => (typeof sink === 'string' ? sinkOf(sink, 'configure') : sink))
  checkSinks(ends)
  const worker = thread ? setUpThread(options, levels, chosen as string[], ends) : undefined
  const behindStages = worker?.sinks ?? behind(frontOf(levels, { sample, stages, llm }), ends)
  const settings = { ...worker?.defaults, ...rest, sinks: behindStages, level: levels.lowest() }
  // The new one's options are checked before the old one is let go.
  old?.flushSync()
  const logger = createCoreLogger(settings, runtime, defaultRecorder, worker?.deliver)
  void old?.close({ timeoutMs: LONGEST_CLOSE })
  const stop = bridge ? startBridges(bridge === true ? {} : bridge, chosen) : () => {}
  return projectLogger(logger, levels, stop, worker?.setLevel)
}

function checkSinks(sinks: readonly Sink[]): void {
  const wrong = sinks.findIndex((sink) => typeof sink?.write !== 'function')
  if (wrong < 0) return
  throw new TypeError(`[nfo] [configure] sinks[${wrong}] has no write function; pass a sink, such as memorySink()`)
}

// The console sink prints what the console would have printed.
function startBridges(options: BridgeConsoleOptions, sinks: readonly (Sink | string)[]): () => void {
  const prints = sinks.some((sink) => typeof sink === 'string' && /^console(:|$)/.test(sink))
  const stops = [bridgeConsole({ silent: prints, ignore: isPrintedWarning, ...options }), bridgeWarnings()]
  return () => {
    for (const stop of stops) stop()
  }
}

/** The core's logger, whose level is that of the modules that have none of their own. */
function projectLogger(
  logger: Logger,
  levels: Levels,
  stopBridges: () => void,
  tell?: ThreadSetup['setLevel']
): ProjectLogger {
  const { close } = logger
  const { set } = Object.getOwnPropertyDescriptor(logger, 'level') as PropertyDescriptor
  const record = (): void => set?.call(logger, levels.lowest())
  Object.defineProperty(logger, 'level', {
    get: () => levels.general,
    set(level: Level) {
      levels.general = level
      tell?.(undefined, level)
      record()
    }
  })
  return Object.assign(logger, {
    setLevel(modules: string, level?: Level) {
      levels.set(modules, level)
      tell?.(modules, level)
      record()
    },
    close(options?: { timeoutMs?: number }) {
      stopBridges()
      return close(options)
    }
  })
}

/**
 * The logger of `configure()`. Before that, one over the ring that `wrap` records to, with what the environment says; it
 * becomes the configured one.
 */
export function getLogger(): ProjectLogger {
  if (configured) return configured
  configure()
  implied = true
  return configured as unknown as ProjectLogger
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
