import type { Statement } from '../drivers/types.ts'
import { decodeValue, encodeValue } from '../formats/tagged.ts'
import { openShelf } from '../sinks/_shelf.ts'
import { visitId } from '../sinks/_visit.ts'
import { change } from './stores.ts'

export const JOURNAL = 'journal'
/** Characters in `localStorage`, for a moment. */
const SHELF = 2_000_000

/** The transactions since the database was saved, in their order, also among tabs. */
export interface Journal {
  /** A new key, behind all there were. */
  nextKey(): string
  /** Settles when IndexedDB has confirmed it. The same key again is the same transaction. */
  append(statements: readonly Statement[], key: string): Promise<void>
  /** Puts what is not confirmed where it is at once: IndexedDB gives it up, at times, when the page ends. */
  shelve(): void
  /** Hands over what an earlier page could only shelve, and forgets it when that has settled. */
  unshelve(take: (key: string, statements: readonly Statement[]) => Promise<void>): Promise<void>
}

interface Block {
  readonly statements: readonly Statement[]
  place?: string
}

/** The journal of a database, in its store of that name. */
export function createJournal(stored: IDBDatabase, name: string): Journal {
  const shelf = openShelf(`${name} `, SHELF)
  const unconfirmed = new Map<string, Block>()
  let last = 0

  return {
    nextKey: () => `${Date.now()} ${`${last++}`.padStart(9, '0')} ${visitId()}`,
    append(statements, key) {
      const block: Block = { statements }
      unconfirmed.set(key, block)
      return change(stored, [JOURNAL], (blocks) => blocks.put(statements, key)).finally(() => {
        unconfirmed.delete(key)
        if (block.place) shelf.remove(block.place)
      })
    },
    shelve() {
      for (const [key, block] of unconfirmed) block.place ??= shelf.put(encodeValue([key, block.statements]))
    },
    async unshelve(take) {
      for (const place of shelf.keys()) {
        const text = shelf.get(place)
        if (text) await take(...(decodeValue(JSON.parse(text)) as [string, Statement[]]))
        shelf.remove(place)
      }
    }
  }
}
