import type { SiteInfo } from '../core/types.ts'
import type { Given } from './load.ts'
import { AT, ENDED, type State } from './state.ts'
import type { SharedRing } from './take.ts'

/** What the worker begins with: plain data and shared memory. */
export interface WorkerData {
  ring: SharedRing
  /** Of the main thread's clock. */
  epoch: number
  nameList: string[]
  sites: SiteInfo[]
  state: State
  given: Given
  /** It takes what comes, not only what it is told to. */
  everything: boolean
  /** Address of the module `nfo/thread`. */
  url: string
  patience: number
}

/** Of memory, as the system gives it: at the first write, which takes microseconds. */
const PAGE_WORDS = 1024

/**
 * The text that the worker begins with: it loads `nfo/thread`, and keeps what it is told until that is there. The main thread
 * may be blocked and hear of its end only through the shared words. Before all else it writes to each page of the ring what is there
 * already, so that callers need not wait for memory.
 */
export function workerSource(): string {
  return `const { workerData, parentPort } = require('node:worker_threads')
const { ring, state: { words } } = workerData
for (let at = 0; at < ring.u32.length; at += ${PAGE_WORDS}) Atomics.add(ring.u32, at, 0)
const early = []
let tell = (message) => early.push(message)
parentPort.on('message', (message) => tell(message))
process.on('exit', () => {
  Atomics.store(words, ${AT.phase}, ${ENDED})
  Atomics.add(words, ${AT.beat}, 1)
  Atomics.notify(words, ${AT.beat})
})
import(workerData.url)
  .then(({ work }) => work(workerData))
  .then((ready) => { tell = ready; early.forEach(ready) })
  .catch((error) => setImmediate(() => { throw error }))`
}
