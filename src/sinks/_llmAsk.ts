import { runtime } from '../runtimes/generic.ts'
import { type Asking, type Begin, inThisThread, type Question, type Reply, within } from './_llmAsk.edge.ts'

export type { Asking } from './_llmAsk.edge.ts'

// A request keeps a process alive until it is answered, one of a thread does not.
const SOURCE = `const { parentPort, workerData } = require('node:worker_threads')
const { url, headers, body } = workerData
fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
  .then(async (response) => ({ status: response.status, text: await response.text() }))
  .catch((error) => ({ code: error.cause?.code ?? error.code ?? error.name }))
  .then((reply) => parentPort.postMessage(reply))`

/** Asks without keeping the process alive, where that can be. */
export const ask = (question: Question): Asking => within(question, begin)

const begin: Begin = (question, done) => {
  const { fetch, timeout: _timeout, ...data } = question
  if (fetch || !runtime.startThread) return inThisThread(question, done)
  try {
    const thread = runtime.startThread(SOURCE, data)
    const end = (reply: Reply): void => {
      thread.stop()
      done(reply)
    }
    thread.onMessage((message) => end(message as Reply))
    thread.onError(() => end({ code: 'its thread ended' }))
    return () => thread.stop()
  } catch {
    // Threads may be forbidden or used up.
    return inThisThread(question, done)
  }
}
