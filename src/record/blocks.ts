import type { Pen } from './pen.ts'
import type { Plan } from './plan.ts'

/** Writes records, around and around. */
export interface Blocks {
  /** All that are complete. What cannot be written stays for the next time, or with `force` counts as written. */
  write(epoch: number, time: number, force: boolean): void
}

/** Refers to nothing outside itself: see `parts.ts`. */
export function createBlocks(plan: Plan, pen: Pen): Blocks {
  const { at, chunk, count, counts, geometry, largestBlock, ring, shape, state } = plan
  const mask = (ring.length >> 1) - 1
  const body = chunk.head + chunk.blockHead
  // Of the block at hand: its bytes and entries, and the position behind it.
  let used = 0
  let entries = 0
  let next = 0

  function copy(from: number, to: number): void {
    if (from === to) return
    const start = (from & mask) << 1
    pen.u32.set(ring.subarray(start, start + (to - from) * 2), (body + used) >> 2)
    used += (to - from) << 3
  }

  /** Collects whole records up to a position, but not one that may still grow. */
  function gather(to: number): void {
    let position = state[at.persisted]
    let from = position
    let size = 0
    used = entries = 0
    while (position !== to) {
      const word = ring[(position & mask) << 1]
      const kind = word & shape.kind
      const words = word & shape.words
      const end = (position + words) | 0
      if (words === 0 || ((to - end) | 0) < 0) break
      if (end === to && kind === shape.start && word & shape.open) break
      if (kind !== shape.pad) size += words << 3
      if (size > largestBlock) break
      if (kind !== shape.pad && kind !== shape.start) entries++
      // Filler is left out, and what goes beyond the end of the ring is copied in two pieces.
      if (kind === shape.pad || (end & mask) === 0) {
        copy(from, kind === shape.pad ? position : end)
        from = end
      }
      position = end
    }
    copy(from, position)
    next = position
  }

  /** What older laps left at the end would look like a gap between it and what follows. */
  function startLap(rest: number): void {
    pen.write(new Uint8Array(rest), rest, geometry.blocks.from + state[at.offset])
    state[at.offset] = 0
    state[at.wrapped] = 1
  }

  function writeBlock(epoch: number, time: number): void {
    const rest = geometry.blocks.bytes - state[at.offset]
    if (rest < body + used) startLap(rest)
    pen.f64[4] = epoch
    pen.f64[5] = time
    pen.f64[6] = counts[count.entries]
    const flags = state[at.wrapped] ? chunk.wrapped : 0
    const sequence = counts[count.blocks]
    const header = { kind: chunk.block, flags, sequence, length: chunk.blockHead + used, count: entries }
    state[at.offset] += pen.send(header, geometry.blocks.from + state[at.offset])
  }

  function write(epoch: number, time: number, force: boolean): void {
    const to = Atomics.load(plan.control, plan.head)
    let failure: unknown
    for (gather(to); next !== state[at.persisted]; gather(to)) {
      try {
        if (used > 0) writeBlock(epoch, time)
      } catch (error) {
        if (!force) throw error
        failure = error
      }
      if (used > 0) counts[count.blocks]++
      counts[count.entries] += entries
      state[at.persisted] = next
    }
    if (failure) throw failure
  }

  return { write }
}
