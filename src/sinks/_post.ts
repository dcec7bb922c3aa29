/** One request. */
export interface Post<Result> {
  url: string
  body: string
  headers?: Readonly<Record<string, string>>
  fetch?: typeof globalThis.fetch
  /** Longest time for the request and for `read`, in milliseconds. */
  deadline: number
  abort: AbortController
  read?: (response: Response) => Promise<Result>
}

/** Why it was not accepted. */
export interface Refusal {
  ok: false
  /** Undefined when there was no answer. */
  status?: number
  /** Milliseconds that the service wants no further request for. */
  asked?: number
  /** Holds nothing of the URL. */
  reason: string
}

/** What became of it. */
export type Answer<Result> = { ok: true; result: Result } | Refusal

// Taken when the module loads: a faked timer does not stop this.
const { setTimeout, clearTimeout } = globalThis
const GRACE = 10
// What a browser sends on when the page is closed may have 64 KiB, and a character three bytes.
const OUTLIVES = 20_000

/** Posts a body. Never rejects, and also gives up on a `fetch` that ignores its signal. */
export async function post<Result>(request: Post<Result>): Promise<Answer<Result>> {
  const { deadline, abort } = request
  let timer: unknown
  const late = new Promise<Answer<Result>>((resolve) => {
    const giveUp = (): void => {
      resolve({ ok: false, reason: `gave no answer within ${deadline} ms` })
      abort.abort()
    }
    timer = setTimeout(() => {
      // In a process that was busy, a timer fires before an answer is read that came long ago.
      timer = setTimeout(giveUp, GRACE)
    }, deadline)
  })
  const answer = ask(request).catch((error): Answer<Result> => ({ ok: false, reason: reasonOf(error) }))
  const first = await Promise.race([answer, late])
  clearTimeout(timer as number)
  return first
}

async function ask<Result>({ url, body, headers, fetch, abort, read }: Post<Result>): Promise<Answer<Result>> {
  const { signal } = abort
  const send = fetch ?? globalThis.fetch
  const keepalive = body.length < OUTLIVES
  const response = await send(url, { method: 'POST', headers, body, keepalive, redirect: 'manual', signal })
  const { ok, status } = response
  if (ok && read) return { ok, result: await read(response) }
  // Whether all of it arrives does not matter: the status has said everything.
  response.body?.cancel().catch(() => {})
  if (ok) return { ok, result: undefined as Result }
  return { ok, status, asked: retryAfter(response.headers?.get('retry-after')), reason: `answered ${status}` }
}

/** Seconds or a date, in milliseconds; undefined when it is neither. */
function retryAfter(text: string | null): number | undefined {
  if (!text) return undefined
  const ms = Number.isNaN(Number(text)) ? Date.parse(text) - Date.now() : Number(text) * 1000
  return ms >= 0 ? ms : undefined
}

/** Not the error's message: on Deno and Bun that has the URL in it. */
function reasonOf(error: unknown): string {
  const { name, code, cause } = Object(error) as { name?: string; code?: unknown; cause?: { code?: unknown } }
  return `could not be reached (${cause?.code ?? code ?? name})`
}
