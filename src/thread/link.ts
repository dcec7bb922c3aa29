import type { Recorder } from '../core/ring.ts'
import type { Runtime, Thread } from '../runtimes/types.ts'
import type { Given } from './load.ts'
import type { Message } from './messages.ts'
import { type WorkerData, workerSource } from './source.ts'
import { AT, ENDED, MAIN, type State, lock as takeLock, unlock, WORKER, waitFor } from './state.ts'

/** The main thread's hand on the worker. */
export interface Link {
  /** What the worker has to know before it takes anything that is recorded from now on. */
  send(message: Message): void
  wake(): void
  /** Waits until it is done. False when the worker has ended, or got nothing done for too long. */
  wait(isDone: () => boolean): boolean
  /** Does something while the worker takes nothing. False when the worker does not let it. */
  alone(task: () => void): boolean
  /** From now on the worker takes nothing. What it holds may still be written. */
  stop(): void
}

export interface LinkOptions {
  runtime: Runtime
  ring: Recorder
  state: State
  given: Given
  everything: boolean
  /** Address of the worker's code. */
  url: string
  /** Milliseconds. */
  patience: number
  /** Called when it ends without having been stopped; also, a moment later, when it cannot start. */
  ended(reason: string): void
}

export function startLink(options: LinkOptions): Link {
  const { runtime, ring, state, patience, ended } = options
  const { words } = state
  const { given, everything, url } = options
  const data: WorkerData = {
    ring: { u32: ring.u32, control: ring.control as Int32Array },
    epoch: ring.epoch,
    nameList: [...ring.nameList],
    sites: [...ring.sites],
    ...{ state, given, everything, url, patience }
  }
  let thread: Thread | undefined
  const isOver = (): boolean => Atomics.load(words, AT.phase) === ENDED
  try {
    thread = runtime.startThread?.(workerSource(), data, true)
    thread?.onError((error) => ended(reasonOf(error)))
  } catch (error) {
    // Nobody is there yet to be told.
    queueMicrotask(() => ended(`cannot start a worker: ${(error as Error).message}`))
  }

  return {
    send(message) {
      if (!thread || isOver()) return
      Atomics.add(words, AT.sent, 1)
      thread.send(message)
    },
    wake() {
      if (!isOver()) thread?.send(null)
    },
    wait: (isDone) => waitFor(state, patience, isDone),
    alone(task) {
      if (isOver() || !takeLock(state, MAIN, patience)) return false
      try {
        task()
      } finally {
        unlock(state)
      }
      return true
    },
    stop() {
      // It may be copying just now, and counts what it copies.
      if (!isOver() && takeLock(state, MAIN, Math.min(patience, 1000))) unlock(state)
      Atomics.store(words, AT.phase, ENDED)
      Atomics.compareExchange(words, AT.lock, WORKER, 0)
      thread?.stop()
    }
  }
}

function reasonOf(error: unknown): string {
  const text = String((error as Error)?.message ?? error)
  const own = /^\[nfo\] \[thread\] (ended [^;]*)/.exec(text)
  return own ? `the worker ${own[1]}` : `the worker ended: ${text}`
}
