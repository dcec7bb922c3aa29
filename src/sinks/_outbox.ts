import { runtime } from '../runtimes/generic.ts'
import type { Deliver, DeliveryError } from './_deliver.ts'
import { openSpool } from './_spool.ts'

/** Sends bodies, or spools them for later. */
export interface Outbox {
  /** Settles when the body was accepted, or is in the spool. Rejects when it can be neither. */
  send(body: string): Promise<void>
  /** Writes to the spool, at once, what is on its way. It goes on, and what then arrives is taken out again. */
  keep(): void
  /** Writes a body to the spool, at once, for a later time. */
  store(body: string): void
  /** From here on everything goes to the spool. */
  close(): void
}

interface Post {
  readonly body: string
  /** Its number in the spool, once it is there. */
  id?: number
}

/** The spool at that path, in front of `deliver`. What it holds is sent soon. `part` names the sink in errors. */
export function openOutbox(part: string, path: string, deliver: Deliver): Outbox {
  const spool = openSpool(path, part)
  const posts = new Set<Post>()
  let resuming = false
  let closed = false

  function write(post: Post): number {
    post.id ??= spool.add(post.body)
    return post.id
  }

  function done({ id }: Post): void {
    if (id !== undefined) spool.done(id)
  }

  /** Whether it was accepted; otherwise it is in the spool. */
  async function attempt(post: Post): Promise<boolean> {
    posts.add(post)
    try {
      await deliver.send(post.body)
      done(post)
      return true
    } catch (error) {
      if ((error as DeliveryError).temporary) {
        spool.release(write(post))
        return false
      }
      done(post)
      throw error
    } finally {
      posts.delete(post)
    }
  }

  /** Sends what is in the spool, one after the other, until one fails. */
  async function resume(): Promise<void> {
    if (resuming || closed) return
    resuming = true
    for (let post = spool.next(); post; post = spool.next()) {
      try {
        if (!(await attempt(post))) break
      } catch (error) {
        // Nobody waits for this one any more.
        runtime.print('stderr', `${(error as Error).message}; a post from the spool is dropped`)
      }
    }
    resuming = false
  }

  runtime.later(resume, 0)
  return {
    async send(body) {
      if (await attempt({ body })) void resume()
    },
    keep() {
      for (const post of posts) write(post)
    },
    store(body) {
      spool.release(spool.add(body))
    },
    close() {
      closed = true
      spool.close()
    }
  }
}
