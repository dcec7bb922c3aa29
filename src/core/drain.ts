import { createDecoder, type Decoder } from './decode.ts'
import { END, KIND_MASK, OPEN, START, TAKEN, WORDS_MASK } from './layout.ts'
import { CLOSED, type Recorder, type Region } from './ring.ts'
import type { Entry } from './types.ts'

const now = performance.now

/** Visits the records of a region from a position up to another one. Stops when `visit` says false. */
export function walk(
  { u32, mask }: Region,
  from: number,
  to: number,
  visit: (at: number, shape: number, position: number) => void
): void {
  for (let position = from; position !== to; ) {
    const at = position & mask
    const shape = u32[at << 1]
    visit(at, shape, position)
    position = (position + (shape & WORDS_MASK)) | 0
  }
}

/**
 * Takes what the ring holds, about so many words of it: all that was not taken before, but for a call that has just begun and may
 * end in place.
 */
export function take(ring: Recorder, decoder: Decoder, words: number = Number.POSITIVE_INFINITY): Entry[] {
  const entries: Entry[] = []
  const { gate } = ring
  ring.gate = CLOSED
  try {
    if (ring.kept > 0) takePinned(ring, decoder, entries)
    let end = ring.head
    walk(ring, ring.drained, ring.head, (at, shape, position) => {
      if (end !== ring.head) return
      if (((position - ring.drained) | 0) >= words) {
        end = position
        return
      }
      const last = ((position + (shape & WORDS_MASK)) | 0) === ring.head
      if (last && (shape & (KIND_MASK | OPEN)) === (START | OPEN)) end = position
      else add(entries, decoder.decode(ring, at))
    })
    ring.drained = end
  } finally {
    ring.gate = gate
  }
  return entries
}

/** Lets a decoder know the calls whose beginning another one has taken, and not their end. */
export function recall(ring: Recorder, decoder: Decoder): void {
  for (const region of [ring.pinned, ring]) {
    walk(region, region.tail, region === ring ? ring.drained : region.head, (at, shape) => {
      const kind = shape & KIND_MASK
      if (kind === START || kind === END) decoder.decode(region, at)
    })
  }
}

function add(entries: Entry[], entry: Entry | undefined): void {
  if (entry) entries.push(entry)
}

function takePinned(ring: Recorder, decoder: Decoder, entries: Entry[]): void {
  const { pinned } = ring
  walk(pinned, pinned.tail, pinned.head, (at, shape) => {
    if (shape & TAKEN) return
    add(entries, decoder.decode(pinned, at))
    pinned.u32[at << 1] |= TAKEN
    ring.kept--
  })
}

/** Everything that is still there, taken or not, with the open calls at the end; nothing is taken. */
export function peek(ring: Recorder): Entry[] {
  const decoder = createDecoder(ring)
  const entries: Entry[] = []
  for (const region of [ring.pinned, ring]) {
    walk(region, region.tail, region.head, (at) => add(entries, decoder.decode(region, at)))
  }
  return entries.concat(openCalls(ring, decoder))
}

/** The calls that have begun and not ended, outermost first. */
export function openCalls(ring: Recorder, decoder: Decoder): Entry[] {
  const time = now.call(performance)
  const open: Entry[] = []
  for (const entry of ring.calls) {
    if (entry === 0 || entry === -1) continue
    const region = entry & 1 ? ring.pinned : ring
    open.push(decoder.openCall(region, (entry >> 1) & region.mask, time))
  }
  return open.sort((one, other) => one.sequence - other.sequence)
}
