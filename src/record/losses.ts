import { CHUNK_BYTES, WRAPPED } from './chunk.ts'
import type { RecordHeader } from './file.ts'
import type { Scan } from './scan.ts'

/** What is not in a file. */
export interface Losses {
  /** Calls and messages that newer ones took the place of: the file is full and goes around. */
  overwritten: number
  /**
   * What is damaged, torn or was left out: blocks, the calls and messages in them, names of functions and properties,
   * open calls of which nothing but their number is known.
   */
  lost: { blocks: number; records: number; names: number; open: number }
}

/** The `f64`s of an open-calls chunk: epoch, time, entries, blocks, names left out, ledger. */
const [ENTRIES, BLOCKS, NAMES_LEFT] = [2, 3, 4]

/** Counts by what the chunks say of those before them. */
export function countLosses(
  found: Scan,
  header: RecordHeader | undefined,
  missing: Pick<Losses['lost'], 'names' | 'open'>
): Losses {
  const { f64, blocks, brokenBlocks } = found
  const table = found.openCalls.at(-1)
  const field = (index: number): number => (table ? count(f64[(table.at >> 3) + index]) : 0)
  const [first, last] = [blocks[0], blocks.at(-1)]
  const before = ({ at }: { at: number }): number => count(f64[(at >> 3) + 2])
  const present = blocks.reduce((sum, block) => sum + block.count, 0)

  const written = Math.max(last ? last.sequence + 1 : 0, field(BLOCKS), header?.end?.blocks ?? 0)
  const taken = Math.max(last ? before(last) + last.count : 0, field(ENTRIES), header?.end?.entries ?? 0)
  const hasWrapped = last !== undefined && (last.flags & WRAPPED) !== 0
  const [gone, overwritten] = hasWrapped ? [first.sequence, before(first)] : [0, 0]
  // The newest block, torn while it was written, is known by its header alone.
  const torn = brokenBlocks.filter(({ sequence }) => sequence === written)
  const tornRecords = torn.reduce((sum, { count, length }) => sum + Math.min(count, length / CHUNK_BYTES), 0)
  return {
    overwritten,
    lost: {
      blocks: Math.max(0, written - gone - blocks.length) + torn.length,
      records: Math.max(0, taken - overwritten - present) + Math.floor(tornRecords),
      names: Math.max(missing.names, field(NAMES_LEFT)),
      open: missing.open
    }
  }
}

/** What was made up by hand may be any number. */
const count = (value: number): number => (value > 0 && value < Number.MAX_SAFE_INTEGER ? Math.floor(value) : 0)
