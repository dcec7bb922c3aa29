import { runtime } from '../runtimes/generic.ts'
import type { Thread } from '../runtimes/types.ts'

export interface Question {
  url: string
  headers: Record<string, string>
  body: string
  /** Milliseconds until it is given up. */
  timeout: number
  fetch?: typeof globalThis.fetch
}

/** What came back; `reason` when nothing did. It holds nothing of the URL or of the headers. */
export interface Reply {
  status?: number
  text?: string
  reason?: string
}

/** A request that is under way. */
export interface Asking {
  readonly reply: Promise<Reply>
  stop(): void
}

// A request keeps a process alive until it is answered, one of a thread does not.
const SOURCE = `const { parentPort, workerData } = require('node:worker_threads')
const { url, headers, body } = workerData
fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
  .then(async (response) => ({ status: response.status, text: await response.text() }))
  .catch((error) => ({ reason: 'could not be reached (' + (error.cause?.code ?? error.code ?? error.name) + ')' }))
  .then((reply) => parentPort.postMessage(reply))`

/** Asks without keeping the process alive, where that can be. Its reply never rejects. */
export function ask(question: Question): Asking {
  let stop!: () => void
  const reply = new Promise<Reply>((resolve) => {
    const cancel = runtime.later(() => stop(), question.timeout)
    const end = begin(question, (reply) => {
      cancel?.()
      resolve(reply)
    })
    stop = () => {
      end()
      cancel?.()
      resolve({ reason: `no answer within ${question.timeout} ms` })
    }
  })
  return { reply, stop }
}

function begin(question: Question, done: (reply: Reply) => void): () => void {
  const { fetch, timeout: _timeout, ...data } = question
  if (!fetch && runtime.startThread) {
    try {
      return inThread(runtime.startThread(SOURCE, data), done)
    } catch {
      // Threads may be forbidden or used up.
    }
  }
  const abort = new AbortController()
  void here(question, abort.signal).then(done)
  return () => abort.abort()
}

function inThread(thread: Thread, done: (reply: Reply) => void): () => void {
  const end = (reply: Reply): void => {
    thread.stop()
    done(reply)
  }
  thread.onMessage((message) => end(message as Reply))
  thread.onError(() => end({ reason: 'could not be reached (the thread ended)' }))
  return () => thread.stop()
}

async function here({ url, headers, body, fetch }: Question, signal: AbortSignal): Promise<Reply> {
  try {
    const send = fetch ?? globalThis.fetch
    const response = await send(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const { name, code, cause } = Object(error) as { name?: string; code?: unknown; cause?: { code?: unknown } }
    return { reason: `could not be reached (${cause?.code ?? code ?? name})` }
  }
}
