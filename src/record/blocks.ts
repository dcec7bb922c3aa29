import type { Pen } from './pen.ts'
import type { Plan } from './plan.ts'

/** Writes records, around and around. */
export interface Blocks {
  /** All that are complete. What cannot be written stays for the next time, or with `force` counts as written. */
  write(epoch: number, time: number, force: boolean): void
}

/** The block at hand. */
interface Block {
  /** Bytes and entries in it, and the position behind it. */
  used: number
  entries: number
  next: number
  copy(from: number, to: number): void
  /** Collects whole records up to a position, but not one that may still grow. */
  gather(to: number): void
  write(epoch: number, time: number): void
}

/** Its text runs in a thread: see `parts.ts`. */
export function createBlocks(plan: Plan, pen: Pen): Blocks {
  const { at, chunk, count, counts, geometry, largestBlock, ring, shape, state } = plan
  const mask = (ring.length >> 1) - 1
  const body = chunk.head + chunk.blockHead

  const block: Block = {
    used: 0,
    entries: 0,
    next: 0,

    copy(from, to) {
      if (from === to) return
      const start = (from & mask) << 1
      pen.u32.set(ring.subarray(start, start + (to - from) * 2), (body + block.used) >> 2)
      block.used += (to - from) << 3
    },

    gather(to) {
      let position = state[at.persisted]
      let from = position
      let size = 0
      block.used = block.entries = 0
      while (position !== to) {
        const word = ring[(position & mask) << 1]
        const kind = word & shape.kind
        const words = word & shape.words
        const end = (position + words) | 0
        if (words === 0 || ((to - end) | 0) < 0) break
        if (end === to && kind === shape.start && word & shape.open) break
        if (kind !== shape.pad) size += words << 3
        if (size > largestBlock) break
        if (kind !== shape.pad && kind !== shape.start) block.entries++
        // Filler is left out, and what goes beyond the end of the ring is copied in two pieces.
        if (kind === shape.pad || (end & mask) === 0) {
          block.copy(from, kind === shape.pad ? position : end)
          from = end
        }
        position = end
      }
      block.copy(from, position)
      block.next = position
    },

    write(epoch, time) {
      const rest = geometry.blocks.bytes - state[at.offset]
      if (rest < body + block.used) {
        // What older laps left there would look like a gap between it and what follows.
        pen.write(new Uint8Array(rest), rest, geometry.blocks.from + state[at.offset])
        state[at.offset] = 0
        state[at.wrapped] = 1
      }
      pen.f64[4] = epoch
      pen.f64[5] = time
      pen.f64[6] = counts[count.entries]
      const flags = state[at.wrapped] ? chunk.wrapped : 0
      const sequence = counts[count.blocks]
      const header = { kind: chunk.block, flags, sequence, length: chunk.blockHead + block.used, count: block.entries }
      state[at.offset] += pen.send(header, geometry.blocks.from + state[at.offset])
    }
  }

  return {
    write(epoch, time, force) {
      const to = Atomics.load(plan.control, plan.head)
      let failure: unknown
      for (block.gather(to); block.next !== state[at.persisted]; block.gather(to)) {
        try {
          if (block.used > 0) block.write(epoch, time)
        } catch (error) {
          if (!force) throw error
          failure = error
        }
        if (block.used > 0) counts[count.blocks]++
        counts[count.entries] += block.entries
        state[at.persisted] = block.next
      }
      if (failure) throw failure
    }
  }
}
