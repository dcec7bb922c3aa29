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
  /** The header `Retry-After`. */
  after?: string | null
  /** Why there is no status. */
  code?: unknown
}

/** A request that is under way. */
export interface Asking {
  /** Never rejects. */
  readonly reply: Promise<Reply>
  stop(): void
}

/** Gives a request up when its time is over. */
export function within(timeout: number, reply: Promise<Reply>, end: () => void): Asking {
  let stop!: () => void
  const stopped = new Promise<Reply>((resolve) => {
    stop = () => {
      end()
      resolve({ code: `waited ${timeout} ms` })
    }
  })
  const cancel = runtime.later(stop, timeout)
  return { reply: Promise.race([reply, stopped]).finally(cancel), stop }
}

/** Asks in this thread: the only way where there are no others. */
export function ask(question: Question): Asking {
  const abort = new AbortController()
  return within(question.timeout, send(question, abort.signal), () => abort.abort())
}

async function send({ url, headers, body, fetch = globalThis.fetch }: Question, signal: AbortSignal): Promise<Reply> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    return { status: response.status, after: response.headers.get('retry-after'), text: await response.text() }
  } catch (error) {
    const { name, code, cause } = Object(error) as { name?: string; code?: unknown; cause?: { code?: unknown } }
    return { code: cause?.code ?? code ?? name }
  }
}
