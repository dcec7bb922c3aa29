import { walk } from '../core/drain.ts'
import { TAKEN, WORDS_MASK } from '../core/layout.ts'
import type { Recorder } from '../core/ring.ts'
import type { Level, SiteInfo } from '../core/types.ts'

/** What the worker is told; null only wakes it. */
export type Message =
  | null
  | { readonly name: string }
  | { readonly site: SiteInfo }
  /** Records of the pinned part, which the main thread alone touches. */
  | { readonly kept: Uint32Array<ArrayBuffer> }
  /** No modules: the general one. No level: none of their own any more. */
  | { readonly modules?: string; readonly level?: Level }

/** Tells of each name and function that is given a number from now on, after whoever else is told. Returns how to stop. */
export function followNames(ring: Recorder, send: (message: Message) => void): () => void {
  const { onName: name, onSite: site } = ring
  let stopped = false
  const onName = (text: string): void => {
    name?.(text)
    if (!stopped) send({ name: text })
  }
  const onSite = (info: SiteInfo): void => {
    site?.(info)
    if (!stopped) send({ site: info })
  }
  Object.assign(ring, { onName, onSite })
  return () => {
    stopped = true
    if (ring.onName === onName) ring.onName = name
    if (ring.onSite === onSite) ring.onSite = site
  }
}

/** Takes what nobody has taken out of the pinned part; undefined when there is nothing. */
export function takeKept(ring: Recorder): Uint32Array<ArrayBuffer> | undefined {
  if (ring.kept === 0) return undefined
  const { pinned } = ring
  const records: number[] = []
  walk(pinned, pinned.tail, pinned.head, (at, shape) => {
    if (shape & TAKEN) return
    for (let word = at << 1; word < (at + (shape & WORDS_MASK)) << 1; word++) records.push(pinned.u32[word])
    pinned.u32[at << 1] |= TAKEN
    ring.kept--
  })
  return Uint32Array.from(records)
}
