import type { Pen } from './pen.ts'
import type { Plan } from './plan.ts'

/** Writes what is known of the calls that are open. */
export interface OpenCalls {
  /** When they have changed since the last time, and now and then as a sign of life, or `always`. */
  write(epoch: number, time: number, always: boolean): void
}

/** The table of open calls as it was last looked at. */
interface Table {
  open: number
  changed: boolean
  look(): void
  /** Words from the start of its region to the record that an entry means. */
  startOf(region: Uint32Array, entry: number): number
  /** The newest first: these are the ones to keep when there is no room for all. */
  placesInOrder(): number[]
  /** Puts a START behind the others, if it fits. The main thread may take it away at the same time. */
  copyStart(place: number, end: number): number
}

/** Its text runs in a thread: see `parts.ts`. */
export function createOpenCalls(plan: Plan, pen: Pen): OpenCalls {
  const { at, calls, chunk, count, counts, geometry, pinned, ring, shape, state } = plan
  const seen = new Int32Array(calls.length)
  // The last chunk that this thread wrote, when the calls last changed, when to write without a change.
  let written = -1
  let since = 0
  let beat = 0

  const table: Table = {
    open: 0,
    changed: false,

    look() {
      table.changed = counts[count.open] !== written
      table.open = 0
      for (let place = 0; place < seen.length; place++) {
        const entry = Atomics.load(calls, place)
        if (entry !== seen[place]) table.changed = true
        seen[place] = entry
        if (entry !== 0) table.open++
      }
    },

    startOf(region, entry) {
      return ((entry >> 1) & ((region.length >> 1) - 1)) << 1
    },

    placesInOrder() {
      const spans: Record<number, number> = {}
      const places: number[] = []
      for (let place = 0; place < seen.length; place++) {
        const entry = seen[place]
        if (entry === 0 || entry === -1) continue
        const region = entry & 1 ? pinned : ring
        spans[place] = region[table.startOf(region, entry) + 2]
        places.push(place)
      }
      return places.sort((one, other) => spans[other] - spans[one])
    },

    copyStart(place, end) {
      const entry = Atomics.load(calls, place)
      const region = entry & 1 ? pinned : ring
      const start = table.startOf(region, entry)
      const word = region[start]
      const words = word & shape.words
      const isOpen = (word & (shape.kind | shape.open)) === (shape.start | shape.open)
      if (entry === 0 || entry === -1 || !isOpen || end + words * 8 > geometry.open.bytes) return end
      // Whether it has been published; positions in the table have 31 bits.
      const ahead = ((Atomics.load(plan.control, plan.head) - (entry >> 1)) << 1) >> 1
      if (region === ring && (ahead < words || ahead > ring.length >> 1)) return end
      pen.u32.set(region.subarray(start, start + words * 2), end >> 2)
      return Atomics.load(calls, place) === entry ? end + words * 8 : end
    }
  }

  return {
    write(epoch, time, always) {
      table.look()
      if (!always && !table.changed && (table.open === 0 || time < beat)) return
      if (always || table.changed) since = time
      // Signs of life after 1, 2, 4 … seconds: a disk that wears out is not written to for ever.
      beat = time + Math.max(1000, time - since)
      // Should it fail, it is tried again.
      written = -1
      let end = chunk.head + chunk.openHead
      for (const place of table.placesInOrder()) end = table.copyStart(place, end)
      pen.f64.set([epoch, time, counts[count.entries], counts[count.blocks], state[at.namesLeft]], 4)
      pen.f64.set(counts.subarray(count.ledger, count.ledger + 5), 9)
      const sequence = counts[count.open]
      const position = geometry.open.from + (sequence & 1) * geometry.open.bytes
      pen.send({ kind: chunk.open, flags: 0, sequence, length: end - chunk.head, count: table.open }, position)
      written = counts[count.open] = sequence + 1
    }
  }
}
