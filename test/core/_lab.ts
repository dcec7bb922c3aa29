import { createLogger, type Logger } from '../../src/core/logger.ts'
import type { LoggerOptions } from '../../src/core/options.ts'
import type { Entry, Ledger, Sink } from '../../src/core/types.ts'

type HostOf = Parameters<typeof createLogger>[1]

/** A runtime whose timers fire and whose process ends when the test says so. */
export interface FakeHost extends HostOf {
  /** What was printed to stderr. */
  readonly lines: string[]
  /** Timers that are set. */
  waiting(): number
  /** Fires every timer that is set now. */
  tick(): void
  exit(reason: 'exit' | 'error' | 'signal' | 'hidden'): void
}

export function fakeHost(overrides: Partial<HostOf> = {}): FakeHost {
  const tasks = new Set<() => void>()
  const listeners = new Set<(reason: string) => void>()
  const lines: string[] = []
  return {
    lines,
    frozenClock: false,
    later(task) {
      const timer = (): void => task()
      tasks.add(timer)
      return () => tasks.delete(timer)
    },
    onExit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    print: (_stream, line) => void lines.push(line),
    waiting: () => tasks.size,
    tick() {
      for (const task of [...tasks]) {
        if (tasks.delete(task)) task()
      }
    },
    exit(reason) {
      for (const listener of [...listeners]) listener(reason)
    },
    ...overrides
  }
}

/** A sink that writes at once and keeps everything. */
export interface Gathering extends Sink {
  entries: Entry[]
}

export function gathering(): Gathering {
  const entries: Entry[] = []
  return {
    entries,
    write: (batch) => {
      for (const entry of batch) entries.push(entry)
    },
    flushSync() {}
  }
}

export interface Lab {
  logger: Logger
  host: FakeHost
  entries: Entry[]
  /** Drains, and gives what came since the last time. */
  fresh(): Entry[]
}

/** A logger with a gathering sink, unless other ones are given, on a fake host. */
export function lab(options: LoggerOptions = {}, host: FakeHost = fakeHost()): Lab {
  const sink = gathering()
  const logger = createLogger({ sinks: [sink], ...options }, host)
  return {
    logger,
    host,
    entries: sink.entries,
    fresh() {
      logger.flushSync()
      return sink.entries.splice(0)
    }
  }
}

/** What comes out of a recorder for a value that goes in. */
export function recorded(value: unknown, options: LoggerOptions = {}): { arg: unknown; result: unknown; entry: Entry } {
  const { logger, fresh } = lab(options)
  logger.wrap((input: unknown): unknown => input, 'identity')(value)
  const [entry] = fresh()
  return { arg: entry.args[0], result: entry.returnValue, entry }
}

/** A ledger says where every record is. */
export function addsUp({ accepted, delivered, dropped, failed, pending }: Ledger): boolean {
  const counts = [accepted, delivered, dropped, failed, pending]
  return (
    counts.every((count) => Number.isInteger(count) && count >= 0) &&
    accepted === delivered + dropped + failed + pending
  )
}

/** Calls a wrapped function that fails. */
export function failing(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}
