import { runtime } from '../runtimes/generic.ts'

export interface Question {
  url: string
  headers: Record<string, string>
  body: string
  /** Milliseconds until it is given up. */
  timeout: number
  fetch?: typeof globalThis.fetch
}

/** What came back. It holds nothing of the URL or of the headers. */
export interface Reply {
  status?: number
  text?: string
  /** Why there is no status. */
  code?: unknown
}

/** A request that is under way. */
export interface Asking {
  /** Never rejects. */
  readonly reply: Promise<Reply>
  stop(): void
}

/** Begins a request, says what came of it, and gives what ends it. */
export type Begin = (question: Question, done: (reply: Reply) => void) => () => void

/** Asks in this thread: the only way where there are no others. In its build this is `ask`. */
export const ask = (question: Question): Asking => within(question, inThisThread)

/** Gives a request up when its time is over. */
export function within(question: Question, begin: Begin): Asking {
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
      resolve({ code: `waited ${question.timeout} ms` })
    }
  })
  return { reply, stop }
}

export const inThisThread: Begin = (question, done) => {
  const abort = new AbortController()
  void send(question, abort.signal).then(done)
  return () => abort.abort()
}

async function send({ url, headers, body, fetch = globalThis.fetch }: Question, signal: AbortSignal): Promise<Reply> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const { name, code, cause } = Object(error) as { name?: string; code?: unknown; cause?: { code?: unknown } }
    return { code: cause?.code ?? code ?? name }
  }
}
