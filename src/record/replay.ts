import { createDecoder } from '../core/decode.ts'
import { KIND_MASK, OPEN, PAD, SITE_MASK, START, WORDS_MASK } from '../core/layout.ts'
import type { Entry } from '../core/types.ts'
import { BLOCK_HEAD, OPEN_CALLS_HEAD } from './chunk.ts'
import type { Names } from './dictionary.ts'
import type { Chunk, Scan } from './scan.ts'

/** The records of a file as entries. */
export interface Replay {
  /** In the order in which they ended. */
  entries: Entry[]
  /** Calls that had not ended, the outermost first. */
  open: Entry[]
  /** Open calls of which there is no record. */
  unnamed: number
}

/** A START that waits for its END. */
interface Begun {
  word: number
  epoch: number
}

/**
 * Open are the calls of the last table of them that have no end in any block, and those that began later. `lastSign`
 * says how long they had been running.
 */
export function replay(found: Scan, names: Names, lastSign: number): Replay {
  const { u32, f64, bytes: u8 } = found
  const records = { u8, u32, f64 }
  const dictionary = { nameList: names.nameList, sites: names.sites, epoch: 0 }
  const decoder = createDecoder(dictionary)
  const entries: Entry[] = []
  const begun = new Map<number, Begun>()
  const table = found.openCalls.at(-1)
  const known = table && tableOf(table)
  const unnamed = table && known ? Math.max(0, table.count - known.calls.size) : 0

  function tableOf({ at, length }: Chunk): { blocks: number; calls: Map<number, Begun> } {
    const calls = new Map<number, Begun>()
    const epoch = f64[at >> 3]
    eachRecord(u32, at + OPEN_CALLS_HEAD, at + length, (word) => void calls.set(u32[(word << 1) + 2], { word, epoch }))
    return { blocks: f64[(at >> 3) + 3], calls }
  }

  function readBlock({ at, length, sequence }: Chunk): void {
    const epoch = f64[at >> 3]
    dictionary.epoch = epoch
    eachRecord(u32, at + BLOCK_HEAD, at + length, (word, shape) => {
      const span = u32[(word << 1) + 2]
      const isStart = (shape & KIND_MASK) === START
      names.needSite(u32[(word << 1) + 1] & SITE_MASK)
      // One that began before the table was written is in it, or had ended.
      if (isStart && shape & OPEN && sequence >= (known?.blocks ?? 0)) begun.set(span, { word, epoch })
      if (!isStart) {
        begun.delete(span)
        known?.calls.delete(span)
      }
      const entry = decoder.decode(records, word)
      if (entry) entries.push(entry)
    })
  }

  function openEntry({ word, epoch }: Begun): Entry {
    dictionary.epoch = epoch
    names.needSite(u32[(word << 1) + 1] & SITE_MASK)
    return decoder.openCall(records, word, Math.max(lastSign - epoch, f64[word + 2]))
  }

  for (const block of found.blocks) readBlock(block)
  const open = [...new Map([...(known?.calls ?? []), ...begun]).values()].map(openEntry)
  return { entries, open: open.sort((one, other) => one.sequence - other.sequence), unnamed }
}

/** Visits the records between two bytes, each by its first word. */
function eachRecord(u32: Uint32Array, from: number, to: number, visit: (word: number, shape: number) => void): void {
  for (let word = from >> 3; word < to >> 3; ) {
    const shape = u32[word << 1]
    const words = shape & WORDS_MASK
    if (words < 4 || word + words > to >> 3) return
    if ((shape & KIND_MASK) !== PAD) visit(word, shape)
    word += words
  }
}
