import type { Runtime, Thread } from './types.ts'

interface WorkerLike {
  on(event: string, listener: (value: never) => void): unknown
  unref(): void
  postMessage(message: unknown): void
  terminate(): unknown
}

/** The `Worker` class of `node:worker_threads`, which runs a text with `require` on Node, Deno and Bun alike. */
export type WorkerClass = new (source: string, options: Record<string, unknown>) => WorkerLike

export function threadStarter(
  Worker: WorkerClass,
  variables: () => Record<string, string | undefined> | undefined
): NonNullable<Runtime['startThread']> {
  return (source, data, needsVariables = false): Thread => {
    // No flags and no NODE_OPTIONS: a preload of the app has no business in this thread.
    const env = needsVariables ? variables() : {}
    const worker = new Worker(withRequire(source), {
      eval: true,
      workerData: data,
      name: 'nfo',
      execArgv: [],
      ...(env && { env })
    })
    const listeners: ((error: unknown) => void)[] = []
    let ended = false
    const end = (error: unknown) => {
      if (ended) return
      ended = true
      for (const listener of listeners) listener(error)
    }
    worker.on('error', end)
    worker.on('exit', (code) => end(new Error(`[nfo] [thread] ended by itself with code ${code}; see its source`)))
    worker.unref()
    return {
      onMessage(listener) {
        worker.on('message', listener)
        // A message listener added later holds the process again.
        worker.unref()
      },
      send: (message) => worker.postMessage(message),
      onError: (listener) => void listeners.push(listener),
      stop() {
        ended = true
        worker.terminate()
      }
    }
  }
}

// Deno before 2.7 runs it as a module, which has no `require`.
const withRequire = (source: string): string =>
  `((require) => {\n${source}\n})(typeof require === 'function' ? require : process.getBuiltinModule)`
