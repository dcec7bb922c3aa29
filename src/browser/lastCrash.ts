import type { Entry } from '../core/types.ts'
import { fromJson } from '../formats/json.ts'
import { storage } from '../sinks/_shelf.ts'
import { hasLocks, heldLocks } from './lock.ts'
import { change, resultOf } from './stores.ts'

/** What a visit left behind that did not end well. */
export interface Crash {
  /** As in `extra.visit` of what `beaconSink` sends. */
  readonly visit: string
  /** When it was saved last, epoch milliseconds. */
  readonly time: number
  /** `error`: something was not caught. `killed`: the page ended without a word, while it hung or by its process's death. */
  readonly reason: 'error' | 'killed'
  /** Of the page's address. */
  readonly path: string
  /** What the ring held, oldest first, calls that had not returned last. */
  readonly entries: Entry[]
}

/** As it is stored, under its visit. */
export type Saved = Omit<Crash, 'entries'> & { readonly lines: string[] }

export const STORE = 'visits'
/** The lock that a page holds as long as it lives. */
export const lockOf = (visit: string): string => `nfo visit ${visit}`

const ENDED = 'nfo ended '

/** Says at once whether a page has come to a good end for now: what is saved may be under way, and cannot be taken back. */
export function setEnded(visit: string, isEnded: boolean): void {
  try {
    if (isEnded) storage()?.setItem(ENDED + visit, '')
    else storage()?.removeItem(ENDED + visit)
  } catch {
    // The storage is full.
  }
}

/** The newest of what was left by pages that are no more, and did not end well; all of it is deleted. */
export async function takeLast(database: IDBDatabase, own: string): Promise<Crash | undefined> {
  const all: Saved[] = await resultOf(database.transaction(STORE).objectStore(STORE).getAll())
  const held = hasLocks() ? await heldLocks() : []
  const isLeft = (visit: string): boolean => visit !== own && !held.includes(lockOf(visit))
  const left = all.filter(({ visit }) => isLeft(visit))
  const ended = Object.keys(storage() ?? {}).filter((key) => key.startsWith(ENDED) && isLeft(key.slice(ENDED.length)))
  await change(database, [STORE], (store) => {
    for (const { visit } of left) store.delete(visit)
  })
  for (const key of ended) storage()?.removeItem(key)
  const crashes = left.filter(({ visit, reason }) => reason === 'error' || !ended.includes(ENDED + visit))
  if (crashes.length === 0) return undefined
  const [{ lines, ...last }] = crashes.sort((one, other) => other.time - one.time)
  return { ...last, entries: lines.map(fromJson) }
}
