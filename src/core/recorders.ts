import { defaultRecorder, type Recorder } from './ring.ts'

/** What a logger says of its recorder, and what sets the span ids of one apart from those of another. */
interface Facts {
  environment: string
  version: string
  salt: number
}

const known = new WeakMap<Recorder, Facts>()
let loggers: WeakRef<Recorder>[] = []
let count = 0

/** Contexts want to know of every ring. A logger that nobody holds is not kept for that. */
export function follow(ring: Recorder, { environment, version }: Omit<Facts, 'salt'>): void {
  // Spread over all 32 bits, so that no two are alike.
  const salt = known.get(ring)?.salt ?? (ring === defaultRecorder ? 0 : Math.imul(++count, 0x9e3779b1))
  known.set(ring, { environment, version, salt })
  const others = loggers.filter((reference) => ![undefined, ring].includes(reference.deref()))
  if (globalThis.WeakRef) loggers = [...others, new WeakRef(ring)]
}

export const factsOf = (ring: Recorder): Facts | undefined => known.get(ring)

/** All that somebody still holds. */
export function rings(): Recorder[] {
  const own = loggers.map((reference) => reference.deref())
  return [...new Set([defaultRecorder, ...own])].filter((ring) => ring !== undefined)
}
