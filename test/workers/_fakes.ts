import { createLogger, type Entry, type Logger, memorySink, type Sink } from '../../src/index.ts'

/** A context that remembers what it was told to wait for. */
export interface FakeContext {
  waitUntil(promise: Promise<unknown>): void
  tasks: Promise<unknown>[]
  /** Settles when all tasks have, also those that came meanwhile. */
  over(): Promise<void>
}

export function fakeContext(): FakeContext {
  const tasks: Promise<unknown>[] = []
  return {
    tasks,
    waitUntil: (promise) => void tasks.push(promise),
    async over() {
      for (let at = 0; at < tasks.length; at++) await tasks[at].catch(() => {})
    }
  }
}

/** A logger with a ring of its own: the other tests of the bundle use the project's. */
export function lab(): { logger: Logger; sink: Sink; entries(): Entry[]; names(): string[] } {
  const sink = memorySink({ entries: 100_000 })
  return {
    logger: createLogger({}),
    sink,
    entries: sink.entries,
    names: () => sink.entries().map(({ functionName }) => functionName)
  }
}

export const requestTo = (url: string, headers: Record<string, string> = {}): Request => new Request(url, { headers })

export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it did not reject')
}
