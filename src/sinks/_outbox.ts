import { runtime } from '../runtimes/generic.ts'
import { type Deliver, DeliveryError } from './_deliver.ts'
import type { Spool } from './_spool.ts'

/** Sends bodies, or spools them for later where there is a spool. */
export interface Outbox {
  /** Settles when the body was accepted, or is in the spool. Rejects when it was given up. */
  send(body: string): Promise<void>
  /** Writes to the spool, at once, what is on its way. It goes on, and what then arrives is taken out again. */
  keep(): void
  /** Writes a body to the spool, at once, for a later time. */
  store(body: string): void
  /** Sends what is in the spool, one after the other, until one fails. */
  resume(): Promise<void>
  /** From here on everything goes to the spool; without one it is refused. */
  close(): void
}

interface Post {
  readonly body: string
  /** Its number in the spool, once it is there. */
  id?: number
}

/** `part` names the sink in errors. */
export function createOutbox(part: string, deliver: Deliver, spool: Spool | undefined): Outbox {
  const posts = new Set<Post>()
  let resuming = false
  let closed = false

  const write = (post: Post, to: Spool): number => {
    post.id ??= to.add(post.body)
    return post.id
  }

  async function deliverNow(body: string): Promise<void> {
    if (closed) throw new DeliveryError(`[nfo] [${part}] it is closed; write before close()`, true)
    await deliver.send(body)
  }

  /** Whether it was accepted; otherwise it is in the spool. */
  async function send(post: Post): Promise<boolean> {
    posts.add(post)
    try {
      await deliverNow(post.body)
      if (post.id !== undefined) spool?.done(post.id)
      return true
    } catch (error) {
      const isLost = !(error as DeliveryError).temporary
      if (isLost && post.id !== undefined) spool?.done(post.id)
      if (isLost || !spool) throw error
      spool.release(write(post, spool))
      return false
    } finally {
      posts.delete(post)
    }
  }

  async function resume(): Promise<void> {
    if (resuming || closed || !spool) return
    resuming = true
    for (let post = spool.next(); post; post = spool.next()) {
      try {
        if (!(await send(post))) break
      } catch (error) {
        // Nobody waits for this one any more.
        runtime.print('stderr', `${(error as Error).message}; a post from the spool is dropped`)
      }
    }
    resuming = false
  }

  return {
    async send(body) {
      if (await send({ body })) void resume()
    },
    keep() {
      if (spool) for (const post of posts) write(post, spool)
    },
    store(body) {
      if (spool) spool.release(spool.add(body))
    },
    resume,
    close() {
      closed = true
      spool?.close()
    }
  }
}
