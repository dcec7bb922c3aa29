import { type Channel, channelOf, drive, enter, hurry, leave, now, rest, type Task } from './_channel.ts'
import { onIdle } from './_idle.ts'
import { isTemporary, type Post, pauseAfter, post, within } from './_post.ts'

export interface DeliverOptions extends Pick<Post<void>, 'headers' | 'fetch'> {
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
  /** From here on everything is refused. */
  close(): void
  /**
   * When the oldest body was sent that is still on its way, as `performance.now()` tells time; undefined without one.
   */
  readonly since: number | undefined
}

/** Why a body was given up. */
export interface DeliveryError extends Error {
  /** The service may take it another time. */
  readonly temporary: boolean
  /** Of the last answer; undefined when there was none. */
  readonly status: number | undefined
}

interface Job extends Task {
  readonly since: number
  giveUp(why: string, temporary?: boolean, status?: number): void
}

const LONGEST_PAUSE = 60_000

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
  let isClosed = false

  function failure(why: string, temporary = true, status?: number): DeliveryError {
    return Object.assign(new Error(`${place} ${why}`), { temporary, status })
  }

  async function send<Result = void>(body: string, read?: Post<Result>['read']): Promise<Result> {
    if (isClosed) throw failure('was sent nothing: it is closed; write before close()')
    // Whoever waited for what was given up may send the next one at once. What comes later has a life of its own.
    if (now() < gaveUp + 1000) throw failure('was sent nothing: it is given up at the end')
    if (jobs.size >= queue) throw failure(`was sent nothing: ${queue} bodies wait already`)
    const channel = channelOf(url)
    let job!: Job
    const promise = new Promise<Result>((resolve, reject) => {
      job = createJob(channel, { ...options, deadline, body, read }, resolve, reject)
    })
    jobs.set(job, promise)
    stopListening ??= onIdle(endSoon)
    enter(channel, job)
    return promise
  }

  function createJob<Result>(
    channel: Channel,
    request: Post<Result>,
    resolve: (result: Result) => void,
    reject: (error: DeliveryError) => void
  ): Job {
    const since = now()
    let abort: AbortController | undefined

    function end(): void {
      jobs.delete(job)
      leave(channel, job)
      if (jobs.size === 0) stopListening = stopListening?.() as undefined
    }

    const job: Job = {
      since,
      deadline,
      async attempt() {
        began = now()
        abort = new AbortController()
        const { result, reason, status, asked = 0 } = await post(request, abort)
        ended = now()
        if (!jobs.has(job)) return rest(channel, interval, 0)
        const pause = pauseAfter(channel.failures, backoff, LONGEST_PAUSE)
        channel.failures = reason ? channel.failures + 1 : 0
        rest(channel, Math.max(interval, asked), reason && !asked ? pause : 0)
        if (!reason) {
          end()
          resolve(result as Result)
        } else if (!isTemporary(status)) job.giveUp(`${reason}; check the URL and the format`, false, status)
        else if (channel.openAt > since + retry)
          job.giveUp(`${reason}; given up after ${Math.round(now() - since)} ms`, true, status)
      },
      giveUp(...why) {
        end()
        abort?.abort()
        reject(failure(...why))
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
    hurry(channelOf(url))
    while (jobs.size > 0) {
      if (await within(endBy - now(), Promise.allSettled(jobs.values()))) continue
      gaveUp = now()
      for (const job of jobs.keys()) job.giveUp('took too long; given up at the end')
    }
  }

  return {
    send,
    finish,
    settled(ms) {
      void drive(channelOf(url))
      return within(ms, Promise.allSettled(jobs.values()))
    },
    close() {
      isClosed = true
    },
    get since() {
      return jobs.keys().next().value?.since
    }
  }
}
