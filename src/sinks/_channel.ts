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
  readonly tasks: Task[]
  /** Failures in a row. */
  failures: number
  /** When the next request may begin, as `performance.now()` tells time. */
  openAt: number
  /** The same without the pause after a failure. */
  closedUntil: number
  /** Until then a request may be under way. */
  busyUntil: number
  /** Counts drivers: an earlier one has no say any more. */
  drivers: number
  /** Ends the wait of the driver. */
  wake(): void
}

export const now = (): number => performance.now()

const channels = /* @__PURE__ */ new Map<string, Channel>()

/** The channel of a URL. It stays the same as long as it is in use, or closed for a while. */
export function channelOf(url: string): Channel {
  for (const [key, { tasks, openAt }] of channels) if (tasks.length === 0 && openAt < now()) channels.delete(key)
  const channel = channels.get(url) ?? {
    tasks: [],
    failures: 0,
    openAt: 0,
    closedUntil: 0,
    busyUntil: 0,
    drivers: 0,
    wake() {}
  }
  channels.set(url, channel)
  return channel
}

export function enter(channel: Channel, task: Task): void {
  channel.tasks.push(task)
  void drive(channel)
}

export function leave({ tasks, wake }: Channel, task: Task): void {
  tasks.splice(tasks.indexOf(task), 1)
  if (tasks.length === 0) wake()
}

/** No request for that long: so many milliseconds as the service or the pace asks for, and a pause after a failure. */
export function rest(channel: Channel, asked: number, pause: number): void {
  channel.closedUntil = now() + asked
  channel.openAt = Math.max(channel.closedUntil, now() + pause)
}

/** Leaves out the pause after a failure. */
export function hurry(channel: Channel): void {
  channel.openAt = channel.closedUntil
  channel.wake()
}

/**
 * Sends what waits, one after the other, in the place of whoever did so far: a Worker's timers and requests die with the
 * request they belong to, and the latest one lives longest.
 */
export async function drive(channel: Channel): Promise<void> {
  const own = ++channel.drivers
  for (let [task] = channel.tasks; task && own === channel.drivers; [task] = channel.tasks) {
    const wait = Math.max(channel.openAt, channel.busyUntil) - now()
    await (wait > 0 ? sleep(channel, wait) : attempt(channel, task))
  }
}

async function attempt(channel: Channel, task: Task): Promise<void> {
  // Longer than it can take: one that has died is tried again.
  channel.busyUntil = now() + task.deadline + 1000
  await task.attempt()
  channel.busyUntil = 0
  channel.wake()
}

async function sleep(channel: Channel, ms: number): Promise<void> {
  let cancel: (() => void) | undefined
  channel.wake()
  await new Promise<void>((resolve) => {
    channel.wake = resolve
    cancel = runtime.later(resolve, ms)
  })
  cancel?.()
}
