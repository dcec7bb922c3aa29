import { type Channel, channelOf, now, type Task } from './_channel.ts'
import { onIdle } from './_idle.ts'
import { type Post, post, type Refusal } from './_post.ts'

export interface DeliverOptions extends Pick<Post<unknown>, 'headers' | 'fetch'> {
  /** Names the sink in errors. */
  part: string
  /** Where bodies are posted. It may hold a secret: errors show its origin only. */
  url: string
  /** Shortest time between two requests to the URL, whoever in the process sends them, in milliseconds. @default 0 */
  interval?: number
  /** Longest time for one request, and longest delay of the end of the process, in milliseconds. @default 5000 */
  deadline?: number
  /** How long one body is tried again, in milliseconds; 0 tries once. @default 300_000 */
  retry?: number
  /**
   * First pause after a failure, in milliseconds. It doubles up to a minute; up to half of it is left out by chance.
   * @default 1000
   */
  backoff?: number
  /** Bodies that may wait; one more is refused. @default 1000 */
  queue?: number
}

/** Posts bodies to one URL: one request at a time, in order, each until it is accepted or given up. */
export interface Deliver {
  /**
   * Settles when the service has accepted the body, with what `read` makes of the response (a failure there is tried
   * again), and rejects with a `DeliveryError` when it was given up.
   */
  send<Result = void>(body: string, read?: (response: Response) => Promise<Result>): Promise<Result>
  /** Waits for what was sent so far, no longer than that; false when some of it is still on its way. */
  settled(ms: number): Promise<boolean>
  /**
   * Waits for all of it, also what is sent meanwhile, no longer than that; then gives up the rest, and what comes
   * right after.
   */
  finish(ms: number): Promise<void>
  /**
   * When the oldest body was sent that is still on its way, as `performance.now()` tells time; undefined without one.
   */
  readonly since: number | undefined
}

/** Why a body was given up. `temporary`: the service may take it another time. */
export class DeliveryError extends Error {
  readonly temporary: boolean
  /** Of the last answer; undefined when there was none. */
  readonly status: number | undefined
  constructor(message: string, temporary: boolean, status?: number) {
    super(message)
    this.temporary = temporary
    this.status = status
  }
}

interface Job extends Task {
  readonly since: number
  giveUp(why: string, temporary?: boolean, status?: number): void
}

const LONGEST_PAUSE = 60_000
// Taken when the module loads: a faked timer does not stop this.
const { setTimeout, clearTimeout } = globalThis

const isTemporary = (status = 500): boolean => status >= 500 || [408, 425, 429].includes(status)

/** A way to post to one URL. Everything in the process that posts there shares its pace, its pauses and its order. */
export function createDeliver(options: DeliverOptions): Deliver {
  const { part, url, interval = 0, deadline = 5000, retry = 300_000, backoff = 1000, queue = 1000 } = options
  const place = `[nfo] [${part}] ${new URL(url).origin}`
  const jobs = new Map<Job, Promise<unknown>>()
  let stopListening: (() => void) | undefined
  // Of the last request: what has just kept the process alive counts towards its delay.
  let began = 0
  let ended = 0
  let endBy = 0
  let gaveUp = Number.NEGATIVE_INFINITY

  function refusal(): string | false {
    // Whoever waited for what was given up may send the next one at once. What comes later has a life of its own.
    if (now() < gaveUp + 1000) return 'it is given up at the end'
    return jobs.size >= queue && `${queue} bodies wait already`
  }

  async function send<Result>(body: string, read?: Post<Result>['read']): Promise<Result> {
    const why = refusal()
    if (why) throw new DeliveryError(`${place} was sent nothing: ${why}`, true)
    const channel = channelOf(url)
    let job!: Job
    const promise = new Promise<Result>((resolve, reject) => {
      job = createJob(channel, { body, read }, resolve, reject)
    })
    jobs.set(job, promise)
    stopListening ??= onIdle(endSoon)
    channel.enter(job)
    return promise
  }

  function createJob<Result>(
    channel: Channel,
    what: Pick<Post<Result>, 'body' | 'read'>,
    resolve: (result: Result) => void,
    reject: (error: DeliveryError) => void
  ): Job {
    const since = now()
    let abort: AbortController | undefined

    function leave(): void {
      jobs.delete(job)
      channel.leave(job)
      if (jobs.size === 0) stopListening = stopListening?.() as undefined
    }

    function failed({ status, asked = 0, reason }: Refusal): void {
      const pause = Math.min(LONGEST_PAUSE, backoff * 2 ** channel.failures++) * (0.5 + Math.random() / 2)
      channel.rest(Math.max(interval, asked), asked ? 0 : pause)
      const temporary = isTemporary(status)
      if (temporary && channel.openAt <= since + retry) return
      const fix = temporary ? `given up after ${Math.round(now() - since)} ms` : 'check the URL and the format'
      job.giveUp(`${reason}; ${fix}`, temporary, status)
    }

    const job: Job = {
      since,
      deadline,
      async attempt() {
        began = now()
        abort = new AbortController()
        const answer = await post({ ...options, ...what, deadline, abort })
        abort = undefined
        ended = now()
        if (!jobs.has(job)) return
        if (!answer.ok) return failed(answer)
        channel.failures = 0
        channel.rest(interval)
        leave()
        resolve(answer.result)
      },
      giveUp(why, temporary = true, status) {
        if (abort) channel.rest(interval)
        abort?.abort()
        leave()
        reject(new DeliveryError(`${place} ${why}`, temporary, status))
      }
    }
    return job
  }

  /** Nothing else keeps the process alive. */
  function endSoon(): void {
    const since = now() - ended < 100 ? began : now()
    void finish((endBy > since ? endBy : since + deadline) - now())
  }

  async function finish(ms: number): Promise<void> {
    endBy = now() + ms
    // The pause after a failure is ours to cut short, what the service asked for is not.
    channelOf(url).hurry()
    const timer = setTimeout(() => {
      gaveUp = now()
      for (const job of jobs.keys()) job.giveUp('took too long; given up at the end')
    }, ms)
    while (jobs.size > 0) await Promise.allSettled(jobs.values())
    clearTimeout(timer)
  }

  async function settled(ms: number): Promise<boolean> {
    let timer: unknown
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms)
    })
    const isSettled = await Promise.race([Promise.allSettled(jobs.values()).then(() => true), late])
    clearTimeout(timer as number)
    return isSettled
  }

  return {
    send,
    finish,
    settled,
    get since() {
      return jobs.keys().next().value?.since
    }
  }
}
