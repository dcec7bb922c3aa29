import { runtime } from '../runtimes/generic.ts'
import { type Asking, ask as askHere, type Question, type Reply, within } from './_llmAsk.edge.ts'

export type { Asking } from './_llmAsk.edge.ts'

// A request keeps a process alive until it is answered, one of a thread does not.
const SOURCE = `const { parentPort, workerData } = require('node:worker_threads')
const { url, headers, body } = workerData
fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
  .then(async (response) => {
    const after = response.headers.get('retry-after')
    return { status: response.status, after, text: await response.text() }
  })
  .catch((error) => ({ code: error.cause?.code ?? error.code ?? error.name }))
  .then((reply) => parentPort.postMessage(reply))`

/** Asks without keeping the process alive, where that can be. */
export function ask(question: Question): Asking {
  const { fetch, timeout, ...data } = question
  if (fetch || !runtime.startThread) return askHere(question)
  try {
    const thread = runtime.startThread(SOURCE, data)
    const reply = new Promise<Reply>((resolve) => {
      thread.onMessage((message) => resolve(message as Reply))
      thread.onError(() => resolve({ code: 'its thread ended' }))
    })
    return within(timeout, reply.finally(thread.stop), thread.stop)
  } catch {
    // Threads may be forbidden or used up.
    return askHere(question)
  }
}
