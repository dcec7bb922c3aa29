import type { Pen } from './pen.ts'
import type { Plan } from './plan.ts'

/** Writes what is known of the calls that are open. */
export interface OpenCalls {
  /** When they have changed since the last time, and now and then as a sign of life, or `always`. */
  write(epoch: number, time: number, always: boolean): void
}

/** Refers to nothing outside itself: see `parts.ts`. */
export function createOpenCalls(plan: Plan, pen: Pen): OpenCalls {
  const { at, calls, chunk, count, counts, geometry, pinned, ring, shape, state } = plan
  const seen = new Int32Array(calls.length)
  // The last chunk that this thread wrote, when the calls last changed, when to write without a change.
  let written = -1
  let since = 0
  let beat = 0

  /** Words from the start of its region to the record that an entry of the table means. */
  const startOf = (region: Uint32Array, entry: number) => ((entry >> 1) & ((region.length >> 1) - 1)) << 1

  /** Looks at the table: how many there are, and whether it is not as it was. */
  function look(): { open: number; changed: boolean } {
    let changed = counts[count.open] !== written
    let open = 0
    for (let place = 0; place < seen.length; place++) {
      const entry = Atomics.load(calls, place)
      if (entry !== seen[place]) changed = true
      seen[place] = entry
      if (entry !== 0) open++
    }
    return { open, changed }
  }

  /** The newest first: these are the ones to keep when there is no room for all. */
  function placesInOrder(): number[] {
    const spans: Record<number, number> = {}
    const places: number[] = []
    for (let place = 0; place < seen.length; place++) {
      const entry = seen[place]
      if (entry === 0 || entry === -1) continue
      const region = entry & 1 ? pinned : ring
      spans[place] = region[startOf(region, entry) + 2]
      places.push(place)
    }
    return places.sort((one, other) => spans[other] - spans[one])
  }

  /** Puts a START behind the others, if it fits. The main thread may take it away at the same time. */
  function copyStart(place: number, end: number): number {
    const entry = Atomics.load(calls, place)
    const region = entry & 1 ? pinned : ring
    const start = startOf(region, entry)
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

  function send(epoch: number, time: number, open: number): void {
    let end = chunk.head + chunk.openHead
    for (const place of placesInOrder()) end = copyStart(place, end)
    pen.f64.set([epoch, time, counts[count.entries], counts[count.blocks], state[at.namesLeft]], 4)
    pen.f64.set(counts.subarray(count.ledger, count.ledger + 5), 9)
    const sequence = counts[count.open]
    const position = geometry.open.from + (sequence & 1) * geometry.open.bytes
    pen.send({ kind: chunk.open, flags: 0, sequence, length: end - chunk.head, count: open }, position)
    written = counts[count.open] = sequence + 1
  }

  /** Signs of life after 1, 2, 4 … seconds: a disk that wears out is not written to for ever. */
  function write(epoch: number, time: number, always: boolean): void {
    const { open, changed } = look()
    if (!always && !changed && (open === 0 || time < beat)) return
    if (always || changed) since = time
    beat = time + Math.max(1000, time - since)
    // Should it fail, it is tried again.
    written = -1
    send(epoch, time, open)
  }

  return { write }
}
