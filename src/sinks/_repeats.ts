import type { Entry } from '../core/types.ts'
import type { Alert } from '../formats/alert.ts'
import { runtime } from '../runtimes/generic.ts'
import { createCollapse, type Kind } from './_collapse.ts'
import { onIdle } from './_idle.ts'
import type { Outbox } from './_outbox.ts'

export interface RepeatsOptions {
  /** Milliseconds from a post to the next one about the same error. */
  window: number
  /** Alerts in one post. */
  batch: number
  /** The body of a post; undefined when there is nothing to post. */
  bodyOf(alerts: readonly Alert[]): string | undefined
  outbox: Outbox
}

/** Posts what is new, and now and then how often it came again. */
export interface Repeats {
  /** Settles when what is new among them was accepted or spooled; undefined when nothing is. */
  take(entries: readonly Entry[]): Promise<void> | undefined
  /** Posts the numbers of all that came again. */
  post(): void
  /** Writes them to the spool, at once. */
  keep(): void
  /** How many errors came again whose number is not posted. */
  readonly waiting: number
}

export function createRepeats({ window, batch, bodyOf, outbox }: RepeatsOptions): Repeats {
  const collapse = createCollapse(window)
  let cancelTimer: (() => void) | undefined
  let stopListening: (() => void) | undefined

  const post = (): void => postAll(collapse.due(true))

  function inParts(kinds: readonly Kind[], task: (some: readonly Kind[]) => void): void {
    for (let from = 0; from < kinds.length; from += batch) task(kinds.slice(from, from + batch))
  }

  function postAll(kinds: readonly Kind[]): void {
    inParts(kinds, (some) => {
      const sending = postSome(some)
      sending.catch(() => {})
      for (const kind of some) kind.sending = sending
    })
  }

  async function postSome(kinds: readonly Kind[]): Promise<void> {
    const alerts = kinds.map(collapse.take)
    try {
      const body = bodyOf(alerts)
      if (body !== undefined) await outbox.send(body)
      kinds.forEach(collapse.accepted)
    } catch (error) {
      kinds.forEach((kind, index) => {
        collapse.refused(kind, alerts[index])
      })
      throw error
    } finally {
      schedule()
    }
  }

  /** A number that waits is posted when its time comes, and before the process ends. */
  function schedule(): void {
    const wait = collapse.wait()
    cancelTimer?.()
    cancelTimer = undefined
    if (wait === undefined) {
      stopListening = stopListening?.() as undefined
      return
    }
    stopListening ??= onIdle(post)
    cancelTimer = runtime.later(() => {
      postAll(collapse.due())
      schedule()
    }, wait)
  }

  return {
    post,
    take(entries) {
      const fresh = new Set<Kind>()
      const sending = new Set<Promise<void> | undefined>()
      for (const entry of entries) {
        const kind = collapse.count(entry)
        // An accepted one is counted, and that is all.
        if (kind.until < Infinity) continue
        if (kind.sending) sending.add(kind.sending)
        else fresh.add(kind)
      }
      postAll([...fresh, ...collapse.due()])
      schedule()
      for (const kind of fresh) sending.add(kind.sending)
      return sending.size > 0 ? allOf(sending) : undefined
    },
    keep() {
      inParts(collapse.due(true), (some) => {
        const body = bodyOf(some.map(collapse.take))
        some.forEach(collapse.accepted)
        if (body !== undefined) outbox.store(body)
      })
    },
    get waiting() {
      return collapse.due(true).length
    }
  }
}

/** Waits for all of them, then fails as the first that did. */
async function allOf(promises: Iterable<Promise<void> | undefined>): Promise<void> {
  const outcomes = await Promise.allSettled(promises)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
