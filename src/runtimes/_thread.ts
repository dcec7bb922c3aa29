import type { Runtime, Thread } from './types.ts'

interface WorkerLike {
  on(event: string, listener: (value: never) => void): unknown
  unref(): void
  terminate(): unknown
}

/** The `Worker` class of `node:worker_threads`, which runs a text with `require` on Node, Deno and Bun alike. */
export type WorkerClass = new (source: string, options: Record<string, unknown>) => WorkerLike

export function threadStarter(Worker: WorkerClass): NonNullable<Runtime['startThread']> {
  return (source, data): Thread => {
    // No flags and no NODE_OPTIONS: a preload of the app has no business in this thread.
    const worker = new Worker(source, { eval: true, workerData: data, name: 'nfo', execArgv: [], env: {} })
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
      onError: (listener) => void listeners.push(listener),
      stop() {
        ended = true
        worker.terminate()
      }
    }
  }
}
