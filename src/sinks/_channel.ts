import { runtime } from '../runtimes/generic.ts'

/** What is tried again until it leaves the channel. */
export interface Task {
  /** One request. Never rejects. */
  attempt(): Promise<void>
  /** Longest time for it, in milliseconds. */
  readonly deadline: number
}

/** What everything in the process that posts to one URL has in common: one request at a time, in order, with pauses. */
export interface Channel {
  enter(task: Task): void
  leave(task: Task): void
  /**
   * No request for that long: so many milliseconds that the service or the rate asks for, and a pause after a
   * failure.
   */
  rest(asked: number, pause?: number): void
  /** Leaves out the pause after a failure. */
  hurry(): void
  /** When the next request may begin, as `performance.now()` tells time. */
  readonly openAt: number
  /** Failures in a row. */
  failures: number
}

export const now = (): number => performance.now()

const channels = new Map<string, Channel & { isIdle(): boolean }>()

/** The channel of a URL. It stays the same as long as it is in use, or closed for a while. */
export function channelOf(url: string): Channel {
  for (const [key, { isIdle }] of channels) if (isIdle()) channels.delete(key)
  const channel = channels.get(url) ?? createChannel()
  channels.set(url, channel)
  return channel
}

function createChannel(): Channel & { isIdle(): boolean } {
  const tasks: Task[] = []
  let closedUntil = 0
  let openAt = 0
  // Counts moves: what an earlier one began has no say any more.
  let turn = 0
  let due = 0
  let stopWaiting: (() => void) | undefined
  let running: Task | undefined

  function move(): void {
    const own = ++turn
    const goOn = (): void => {
      if (own === turn) move()
    }
    const [task] = tasks
    stopWaiting?.()
    stopWaiting = running = undefined
    if (!task) return
    const wait = openAt - now()
    due = now() + Math.max(wait, 0) + task.deadline
    if (wait > 0) {
      stopWaiting = runtime.later(goOn, wait)
      return
    }
    running = task
    void task.attempt().then(goOn)
  }

  return {
    failures: 0,
    get openAt() {
      return openAt
    },
    enter(task) {
      tasks.push(task)
      // A Worker's timers and requests die with the request they belong to: one that is long overdue will not come.
      if (tasks.length === 1 || now() > due + 1000) move()
    },
    leave(task) {
      tasks.splice(tasks.indexOf(task), 1)
      if (task === running || tasks.length === 0) move()
    },
    rest(asked, pause = 0) {
      closedUntil = now() + asked
      openAt = Math.max(closedUntil, now() + pause)
    },
    hurry() {
      openAt = closedUntil
      if (!running) move()
    },
    isIdle: () => tasks.length === 0 && openAt < now()
  }
}
