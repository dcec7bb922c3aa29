import { walk } from './drain.ts'
import { GONE, isEntry, KIND_MASK, PAD, RECORD_WORDS, TAKEN, WORDS_MASK } from './layout.ts'
import type { Recorder } from './ring.ts'

interface Moved {
  record: Uint32Array
  /** In the table of open calls. */
  place: number
  taken: boolean
}

/** Gives a recorder other memory and moves the newest records there, as many as fit. */
export function resize(ring: Recorder, size: number, shared: boolean): void {
  ring.size = size
  ring.shared = shared
  if (ring.mask === 0) return ring.allocate()
  const moved = records(ring)
  const places = ring.calls.map((entry) => (entry === 0 ? 0 : GONE))
  ring.allocate(ring.head)
  ring.calls.set(places)
  ring.kept = 0
  let words = moved.reduce((sum, { record }) => sum + record.length / 2, 0)
  for (const { record, place, taken } of moved) {
    const fits = words <= ring.mask + 1 - 2 * RECORD_WORDS
    words -= record.length / 2
    if (fits) append(ring, record, place, taken)
    else if (!taken && isEntry(record[0])) ring.dropped++
  }
}

/** What is in the memory, what was taken first. */
function records(ring: Recorder): Moved[] {
  const moved: Moved[] = []
  for (const region of [ring.pinned, ring]) {
    walk(region, region.tail, region.head, (at, shape, position) => {
      if ((shape & KIND_MASK) === PAD) return
      const record = region.u32.slice(at << 1, (at + (shape & WORDS_MASK)) << 1)
      const place = ring.calls.indexOf(region === ring ? position << 1 : (at << 1) | 1)
      const taken = region === ring ? ((position - ring.drained) | 0) < 0 : (shape & TAKEN) !== 0
      moved.push({ record, place, taken })
    })
  }
  return moved.sort((one, other) => +other.taken - +one.taken)
}

function append(ring: Recorder, record: Uint32Array, place: number, taken: boolean): void {
  ring.u32.set(record, (ring.head & ring.mask) << 1)
  if (place >= 0) ring.calls[place] = ring.head << 1
  ring.head = (ring.head + record.length / 2) | 0
  if (taken) ring.drained = ring.head
}
