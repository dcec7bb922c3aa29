import { GONE, isEntry, OPEN, PAD, TAKEN, WORDS_MASK } from './layout.ts'
import type { Recorder } from './ring.ts'

/** So many open calls are carried on when the pinned part goes around. */
const CARRIED = 16

/** Copies a record that is about to be reclaimed to the pinned part, where only others of its kind push it out. */
export function pin(recorder: Recorder, position: number, shape: number, taken: boolean): void {
  const at = (position & recorder.mask) << 1
  const record = recorder.u32.slice(at, at + (shape & WORDS_MASK) * 2)
  if (taken) record[0] |= TAKEN
  else recorder.kept++
  keep(recorder, record, shape & OPEN ? recorder.calls.indexOf(position << 1) : -1, CARRIED)
}

function keep(recorder: Recorder, record: Uint32Array, place: number, carry: number): void {
  const region = recorder.pinned
  const words = record.length >> 1
  const lap = region.mask + 1
  const rest = lap - (region.head & region.mask)
  const carried: [Uint32Array, number][] = []
  const need = rest < words ? rest + words : words
  while (region.tail !== region.head && lap - (region.head - region.tail) < need) {
    const at = (region.tail & region.mask) << 1
    const shape = region.u32[at]
    const open = shape & OPEN ? recorder.calls.indexOf(((region.tail & region.mask) << 1) | 1) : -1
    // A record that is carried on is counted already.
    if (open >= 0 && carried.length < carry) carried.push([region.u32.slice(at, at + (shape & WORDS_MASK) * 2), open])
    else if (open >= 0) {
      recorder.calls[open] = GONE
      if (!(shape & TAKEN)) recorder.kept--
    } else if (!(shape & TAKEN)) {
      recorder.kept--
      if (isEntry(shape)) recorder.dropped++
    }
    region.tail += shape & WORDS_MASK
  }
  if (rest < words) {
    region.u32[(region.head & region.mask) << 1] = rest | PAD | TAKEN
    region.head += rest
  }
  region.u32.set(record, (region.head & region.mask) << 1)
  if (place >= 0) recorder.calls[place] = ((region.head & region.mask) << 1) | 1
  region.head += words
  for (const [older, open] of carried) keep(recorder, older, open, carried.length - 1)
}
