import type { Recorder } from '../core/ring.ts'
import type { SiteInfo } from '../core/types.ts'
import { CHUNK_BYTES } from './chunk.ts'
import type { Pen } from './pen.ts'
import type { Plan } from './plan.ts'

/** A name or a function that takes more is left out; a chunk is never shorter than a line. */
export const LONGEST_LINE = 4096

/** Appends lines to the buffer that both threads read; what finds no place there is counted. Returns how to stop. */
export function followNames(ring: Recorder, { names, state, at }: Plan): () => void {
  const utf8 = new TextEncoder()
  let name = 0
  let site = 0

  /** Bytes of the file, when all that waits is written and the other thread is just writing some of it. */
  function needFor(end: number): number {
    const waiting = end - Atomics.load(state, at.namesWritten)
    const chunks = 2 + Math.ceil(waiting / LONGEST_LINE)
    return Atomics.load(state, at.namesOffset) + waiting + chunks * (CHUNK_BYTES + 7)
  }

  function append(...line: unknown[]): void {
    const bytes = utf8.encode(`${JSON.stringify(line)}\n`)
    const from = state[at.namesKnown]
    const end = from + bytes.length
    if (bytes.length > LONGEST_LINE || needFor(end) > names.length) {
      state[at.namesLeft]++
      return
    }
    names.set(bytes, from)
    Atomics.store(state, at.namesKnown, end)
  }

  const onName = (text: string) => append('name', name++, text)
  const onSite = ({ name, module, level, params }: SiteInfo) => append('site', site++, name, module, level, params)
  ring.nameList.forEach(onName)
  ring.sites.forEach(onSite)
  Object.assign(ring, { onName, onSite })
  return () => {
    if (ring.onName === onName) ring.onName = undefined
    if (ring.onSite === onSite) ring.onSite = undefined
  }
}

/** Writes the lines that are new, as chunks one behind the other. Its text runs in a thread: see `parts.ts`. */
export function createNames(plan: Plan, pen: Pen): { write(): void } {
  const { at, chunk, count, counts, geometry, names, state } = plan
  return {
    write() {
      const known = Atomics.load(state, at.namesKnown)
      while (state[at.namesWritten] !== known) {
        const from = state[at.namesWritten]
        let to = Math.min(known, from + pen.room - chunk.head - 7)
        while (names[to - 1] !== 10) to--
        pen.u8.set(names.subarray(from, to), chunk.head)
        const header = { kind: chunk.names, flags: 0, sequence: counts[count.names], length: to - from, count: 0 }
        state[at.namesOffset] += pen.send(header, geometry.names.from + state[at.namesOffset])
        counts[count.names]++
        // After the offset: the main thread may be asking whether another line fits.
        Atomics.store(state, at.namesWritten, to)
      }
    }
  }
}
