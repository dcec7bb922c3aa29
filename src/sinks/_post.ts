import { retryAfter } from './_retryAfter.ts'

/** One request. */
export interface Post<Result> {
  url: string
  body: string
  headers?: Readonly<Record<string, string>>
  fetch?: typeof globalThis.fetch
  /** Longest time for the request and for `read`, in milliseconds. */
  deadline: number
  read?: (response: Response) => Promise<Result>
}

/** What became of it. It was accepted when there is no `reason`. */
export interface Answer<Result> {
  result?: Result
  /** Why it was not accepted. Holds nothing of the URL. */
  reason?: string
  /** Undefined when there was no answer. */
  status?: number
  /** Milliseconds that the service wants no further request for. */
  asked?: number
}

// Taken when the module loads: a faked timer does not stop this.
const { setTimeout, clearTimeout } = globalThis
const GRACE = 10
/** Characters, of three bytes at most, that a request may have to outlive its page: a browser sends on 64 KiB. */
export const OUTLIVES = 20_000

/** Whether it may be accepted later; without a status there was no answer. */
export const isTemporary = (status = 500): boolean => status >= 500 || [408, 425, 429].includes(status)

/** How long to wait after so many failures in a row: twice as long each time, up to half of it left out by chance. */
export const pauseAfter = (failures: number, backoff: number, longest: number): number =>
  Math.min(longest, backoff * 2 ** failures) * (0.5 + Math.random() / 2)

/** Whether it settles in that time, in milliseconds. */
export async function within(ms: number, task: Promise<unknown>): Promise<boolean> {
  let timer: unknown
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), false)
  })
  const isSettled = await Promise.race([Promise.allSettled([task]).then(() => true), late])
  clearTimeout(timer as number)
  return isSettled
}

/** Posts a body. Never rejects, and also gives up on a `fetch` that ignores its signal. */
export async function post<Result>(request: Post<Result>, abort: AbortController): Promise<Answer<Result>> {
  const { deadline } = request
  const answer = ask(request, abort.signal).catch((error): Answer<Result> => refusalOf(error, request.url))
  // In a process that was busy, a timer fires before an answer is read that came long ago.
  if ((await within(deadline, answer)) || (await within(GRACE, answer))) return answer
  abort.abort()
  return { reason: `gave no answer within ${deadline} ms` }
}

async function ask<Result>(request: Post<Result>, signal: AbortSignal): Promise<Answer<Result>> {
  const { url, body, headers, fetch: send = globalThis.fetch, read } = request
  const keepalive = body.length < OUTLIVES
  const response = await send(url, { method: 'POST', headers, body, keepalive, redirect: 'manual', signal })
  const { ok, status } = response
  if (ok && read) return { result: await read(response) }
  // Whether all of it arrives does not matter: the status has said everything.
  response.body?.cancel().catch(() => {})
  return ok ? {} : { status, asked: retryAfter(response.headers?.get('retry-after')), reason: `answered ${status}` }
}

/** Not the error's message: on Deno and Bun that has the URL in it. */
function refusalOf(error: unknown, url: string): Answer<never> {
  const { name, code, cause } = Object(error) as { name?: string; code?: unknown; cause?: { code?: unknown } }
  // Trying again would not help.
  if (name === 'NotCapable') {
    return { status: 403, reason: `may not be reached: run Deno with --allow-net=${new URL(url).host}` }
  }
  return { reason: `could not be reached (${cause?.code ?? code ?? name})` }
}
