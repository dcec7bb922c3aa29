import { behind, loadedLater } from './_behind.ts'
import { createLevels } from './_levels.ts'
import { type BridgeConsoleOptions, bridgeConsole } from './bridges/console.ts'
import { bridgeWarnings } from './bridges/warnings.ts'
import { createLogger as createCoreLogger, type Logger } from './core/logger.ts'
import { type LoggerOptions, rejectUnknown, similar } from './core/options.ts'
import { defaultRecorder } from './core/ring.ts'
import type { Level, Sink, Stage } from './core/types.ts'
import { runtime } from './runtimes/generic.ts'
import type { LlmOptions } from './sinks/llm.ts'
import { sinkOf } from './specs.ts'
import { type SampleOptions, sample } from './stages/sample.ts'

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
  /** Share of the entries to keep, from 0 to 1, or more of the stage `sample`; errors are always kept. @default 1 */
  sample?: number | SampleOptions
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
  /** Replaces the logger of an earlier call, which writes all it has and is closed. @default false */
  force?: boolean
}

/** What `configure` gives. */
export interface ProjectLogger extends Logger {
  /** Sets the level of modules from now on, as in `levels`; without a level, the general one applies to them again. */
  setLevel(modules: string, level?: Level): void
}

const OPTIONS = ['name', 'levels', 'sinks', 'sample', 'bridge', 'llm', 'force']
// An old logger may take longer than a process would wait for it.
const LONGEST_CLOSE = 60_000

let configured: ProjectLogger | undefined

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
  if (configured && !options.force) return configured
  return (configured = replace(configured, readEnvironment(options)))
}
