import type { FileSystem } from '../runtimes/types.ts'
import { createChunks } from './chunk.ts'
import { createPersister } from './persist.ts'
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

interface ThreadFiles {
  openSync(path: string, flags: number): number
  fstatSync(fd: number): { ino: number }
  fsyncSync(fd: number): void
  closeSync(fd: number): void
  writeSync: FileSystem['writeSync']
}

/** Persists every few milliseconds until it is told to stop. Refers to nothing outside itself. */
function runThread(
  fs: ThreadFiles,
  data: ThreadData,
  tell: (failure: string) => void,
  makeChunks: typeof createChunks,
  makePersister: typeof createPersister
): void {
  const { plan, path, interval, inode } = data
  const { at, state } = plan
  // For writing, what is there stays; the text 'r+' would ask for reading too, which Deno may not allow.
  const fd = fs.openSync(path, 1)
  if (fs.fstatSync(fd).ino !== inode) throw new Error('another file has taken its place')
  // Each thread has a clock of its own.
  const skew = Date.now() - plan.epoch - performance.now()
  const now = () => performance.now() + skew
  const persister = makePersister(plan, { fs, fd, chunks: makeChunks(), owner: 2, now, wall: Date.now })
  let failing = false
  while (Atomics.load(state, at.stop) === 0) {
    try {
      if (persister.persist('changed') && data.fsync) fs.fsyncSync(fd)
      Atomics.store(state, at.ready, 1)
      failing = false
    } catch (error) {
      if (!failing) tell((error as Error).message)
      failing = true
    }
    Atomics.wait(state, at.stop, 0, interval)
  }
  fs.closeSync(fd)
}

/** The text of the thread. A compiler that keeps the names of functions calls `__name` inside of them. */
export function threadSource(): string {
  return `const __name = (target) => target
const { workerData, parentPort } = require('node:worker_threads')
const tell = (failure) => parentPort.postMessage(failure)
;(${runThread})(require('node:fs'), workerData, tell, ${createChunks}, ${createPersister})`
}
