import type { FileSystem } from '../runtimes/types.ts'
import { PARTS, type Parts } from './parts.ts'
import type { Plan } from './plan.ts'

/** What the thread is given. */
export interface ThreadData {
  plan: Plan
  path: string
  /** Of the file that the main thread opened. */
  inode: number
  interval: number
  fsync: boolean
}

interface ThreadFiles extends Omit<FileSystem, 'openSync'> {
  openSync(path: string, flags: number): number
}

/** Persists every few milliseconds until it is told to stop. Its text runs in a thread: see `parts.ts`. */
function runThread(fs: ThreadFiles, data: ThreadData, parts: Parts, tell: (trouble: string) => void): void {
  const { plan, path, interval, inode, fsync } = data
  const { at, state } = plan
  // For writing, and what is there stays; the text 'r+' would ask Deno for reading too.
  const fd = fs.openSync(path, 1)
  if (fs.fstatSync(fd).ino !== inode) throw new Error('another file has taken its place')
  // Each thread has a clock of its own.
  const skew = Date.now() - plan.epoch - performance.now()
  const clocks = {
    now() {
      return performance.now() + skew
    },
    wall() {
      return Date.now()
    }
  }
  const persister = parts.persister(plan, parts, { fs, fd, owner: 2, now: clocks.now, wall: clocks.wall })
  let failing = false
  while (Atomics.load(state, at.stop) === 0) {
    try {
      if (persister.persist('changed') && fsync) fs.fsyncSync(fd)
      Atomics.store(state, at.ready, 1)
      failing = false
    } catch (error) {
      if (!failing && Atomics.load(state, at.stop) === 0) tell((error as Error).message)
      failing = true
    }
    Atomics.wait(state, at.stop, 0, interval)
  }
  fs.closeSync(fd)
}

/** The text of the thread. */
export function threadSource(): string {
  const parts = Object.entries(PARTS).map(([name, part]) => `${name}: ${part}`)
  return `const { workerData, parentPort } = require('node:worker_threads')
const parts = {
${parts.join(',\n')}
}
;(${runThread})(require('node:fs'), workerData, parts, (trouble) => parentPort.postMessage(trouble))`
}
