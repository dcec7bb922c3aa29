import { rejectUnknown } from '../core/options.ts'
import type { Sink } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import { BUDGET, textsOf } from './_beaconTexts.ts'
import { bytesIn } from './_lines.ts'
import { type Answer, isTemporary, OUTLIVES, pauseAfter, post } from './_post.ts'
import { openShelf } from './_shelf.ts'

export interface BeaconOptions {
  /**
   * Characters of one post, to 20,000: what a browser sends on for a page that is closed may have 64 KiB, and this is a part
   * of it. A longer entry goes alone. @default 16_000
   */
  batch?: number
  /** Longest time for one request, in milliseconds. @default 10_000 */
  deadline?: number
  /**
   * First pause after a failure, in milliseconds. It doubles up to five minutes; up to half of it is left out by chance.
   * @default 1000
   */
  backoff?: number
  /**
   * Characters that may wait in `localStorage` for a better time or the next visit, for all tabs together; 0 stores nothing.
   * A browser has room for about 5,000,000, which the app shares. @default 2_000_000
   */
  stored?: number
  /** Headers of each post. With them the last posts of a page are requests with `keepalive`, no beacons. @default none */
  headers?: Readonly<Record<string, string>>
  /** In the place of the global one. */
  fetch?: typeof globalThis.fetch
}

const OPTIONS = ['batch', 'deadline', 'backoff', 'stored', 'headers', 'fetch']
const NUMBERS = ['batch', 'deadline', 'backoff', 'stored'] as const
const LONGEST_PAUSE = 300_000
/** Lines on their way. */
interface Body {
  readonly text: string
  resolve(): void
  reject(error: Error): void
  sending: boolean
  /** Its place on the shelf. */
  key?: string
}

/**
 * Posts entries as JSON lines (`text/plain`, which needs no permission across origins) to a URL of yours, one post at a time;
 * `extra.visit` says which page they are from, and names an entry together with its `sequence`. `write` settles when the
 * service has accepted the lines, or they are stored for later, and rejects when it will never take them, or when it is down
 * and there is no room. `flushSync`, which the logger calls when the page is hidden or closed, hands what is left to
 * `navigator.sendBeacon`, 64 KiB at most, and stores the rest; the next visit sends it. Throws for a URL or an option that
 * cannot be meant.
 *
 * @example
 *     configure({ sinks: [beaconSink('/logs')], interval: 2000 })
 */
export function beaconSink(url: string, options: BeaconOptions = {}): Sink {
  const { href, origin } = check(url, options)
  const { batch = 16_000, deadline = 10_000, backoff = 1000, stored = 2_000_000, headers, fetch } = options
  const place = `[nfo] [beacon] ${origin}`
  const shelf = openShelf(`nfo ${href} `, stored)
  const bodies = new Set<Body>()
  let working: Promise<void> | undefined
  let cancelWake: (() => void) | undefined
  let resting = false
  let failures = 0
  let closed = false

  function request(body: string): Promise<Answer<void>> {
    return post<void>({ url: href, body, headers, fetch, deadline }, new AbortController())
  }

  function wake(ms: number): void {
    cancelWake?.()
    cancelWake = runtime.later(() => {
      resting = false
      work()
    }, ms)
  }

  function rest({ asked = 0 }: Answer<void>): void {
    const pause = pauseAfter(failures++, backoff, LONGEST_PAUSE)
    resting = true
    if (!closed) wake(Math.max(asked, pause))
  }

  function settle(body: Body): void {
    bodies.delete(body)
    body.resolve()
  }

  /** Stores it for later, if there is room. */
  function keep(body: Body): boolean {
    body.key ??= shelf.put(body.text)
    if (body.key && !body.sending) settle(body)
    return body.key !== undefined
  }

  function giveUp(body: Body, reason: string): void {
    bodies.delete(body)
    body.reject(new Error(`${place} ${reason}`))
  }

  async function deliver(body: Body): Promise<void> {
    body.sending = true
    const answer = await request(body.text)
    body.sending = false
    if (!answer.reason) failures = 0
    else if (isTemporary(answer.status)) {
      rest(answer)
      if (!keep(body) && closed) giveUp(body, `${answer.reason}; it is given up at the end`)
      return
    }
    if (body.key) shelf.remove(body.key)
    if (!answer.reason) settle(body)
    else giveUp(body, `${answer.reason}; check the URL and what takes the posts`)
  }

  function work(): void {
    working ??= sendAll().finally(() => {
      working = undefined
      // What came while stored ones were sent.
      if (!resting && !closed && [...bodies].some(({ sending }) => !sending)) work()
    })
  }

  async function sendAll(): Promise<void> {
    for (const body of bodies) {
      if (!body.sending) await deliver(body)
      if (resting || closed) return keepAll()
    }
    if (shelf.keys().length > 0) await alone(href, sendStored)
  }

  async function sendStored(): Promise<void> {
    for (const key of shelf.keys()) {
      const text = shelf.get(key)
      if (text === undefined) continue
      const answer = await request(text)
      if (answer.reason && isTemporary(answer.status)) return rest(answer)
      failures = 0
      shelf.remove(key)
      if (answer.reason) runtime.print('stderr', `${place} ${answer.reason}; a stored post is dropped`)
      // New ones come first.
      if (bodies.size > 0 || closed) return
    }
  }

  function keepAll(): void {
    for (const body of bodies) if (!body.sending) keep(body)
  }

  /** Leaves it to the browser to send it, whatever becomes of the page. False when it does not want to. */
  function handOver(body: Body): boolean {
    if (body.text.length >= OUTLIVES) return false
    if (headers || !globalThis.navigator?.sendBeacon) {
      // The budget is the same; a browser refuses too late what exceeds it.
      if (bytesIn(body.text) + bytesUnderWay() > BUDGET) return false
      void deliver(body)
      return true
    }
    if (!navigator.sendBeacon(href, body.text)) return false
    settle(body)
    return true
  }

  const bytesUnderWay = (): number =>
    [...bodies].reduce((sum, { sending, text }) => sum + (sending ? bytesIn(text) : 0), 0)

  function flushSync(): void {
    // While the service does not answer, a beacon is lost.
    const isDown = failures > 0 || globalThis.navigator?.onLine === false
    for (const body of bodies) {
      const isTaken = !isDown && (body.sending ? body.text.length < OUTLIVES : handOver(body))
      if (!isTaken && !keep(body) && isDown && !body.sending) handOver(body)
    }
    if (!resting && shelf.keys().length > 0) wake(backoff)
  }

  const sink: Sink = {
    write(entries) {
      if (closed) throw new Error('[nfo] [beacon] it is closed; write before close()')
      if (entries.length === 0) return
      const settled = textsOf(entries, batch).map(
        (text) => new Promise<void>((resolve, reject) => bodies.add({ text, resolve, reject, sending: false }))
      )
      if (resting) keepAll()
      else work()
      return Promise.all(settled).then(() => {})
    },
    flushSync,
    async close() {
      closed = true
      cancelWake?.()
      keepAll()
      for (const body of bodies) if (!body.sending) giveUp(body, 'was sent nothing: it is closed')
      await working
    }
  }
  wake(0)
  return sink
}

/** One tab at a time, where tabs can know of each other; an entry that two have sent can be told by its visit. */
function alone(name: string, task: () => Promise<void>): Promise<unknown> {
  const { locks } = globalThis.navigator ?? {}
  return locks ? locks.request(`nfo ${name}`, { ifAvailable: true }, (lock) => (lock ? task() : undefined)) : task()
}

function check(url: string, options: BeaconOptions): URL {
  rejectUnknown('beacon', 'option', Object.keys(options), OPTIONS)
  const wrong = NUMBERS.find((name) => !((options[name] ?? 0) >= 0))
  if (wrong) throw new RangeError(`[nfo] [beacon] ${wrong} is ${options[wrong]}; use a number from 0 up`)
  const base = globalThis.location?.href
  const parsed = URL.canParse(url, base) ? new URL(url, base) : undefined
  if (parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.password) return parsed
  throw new TypeError('[nfo] [beacon] this is no URL to post to; use /logs, or https://… without a name and a password')
}
