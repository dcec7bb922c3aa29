import type { Parts } from './parts.ts'
import type { Tools } from './pen.ts'
import type { Plan } from './plan.ts'

/** Copies what is complete in the ring to the file. */
export interface Persister {
  /**
   * Writes names, records and, unless told otherwise, the open calls. True when there were records. Throws when a write
   * fails: what was to be written stays in the ring for the next time, or is given up when `force` is set, since then
   * its place in the ring is about to be taken.
   */
  persist(calls: 'none' | 'changed' | 'always', force?: boolean): boolean
}

/** Runs on both threads, one at a time. Its text runs in a thread: see `parts.ts`. */
export function createPersister(plan: Plan, parts: Parts, tools: Tools): Persister {
  const { count, counts } = plan
  const lock = parts.lock(plan, tools)
  const pen = parts.pen(plan, tools, parts.chunks())
  const names = parts.names(plan, pen)
  const blocks = parts.blocks(plan, pen)
  const openCalls = parts.openCalls(plan, pen)
  let epoch = plan.epoch

  return {
    persist(calls, force) {
      if (!lock.take()) return false
      const before = counts[count.blocks]
      try {
        const time = tools.now()
        // After the machine slept the two clocks disagree.
        if (Math.abs(tools.wall() - time - epoch) > 1000) epoch = tools.wall() - time
        try {
          names.write()
        } catch (error) {
          if (!force) throw error
        }
        blocks.write(epoch, time, force === true)
        if (calls !== 'none') openCalls.write(epoch, time, calls === 'always')
      } finally {
        lock.release()
      }
      return counts[count.blocks] !== before
    }
  }
}
