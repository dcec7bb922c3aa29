import { createDecoder, type Decoder } from '../core/decode.ts'
import { KIND_MASK, OPEN, PAD, SITE_MASK, START, WORDS_MASK } from '../core/layout.ts'
import type { Entry, Ledger } from '../core/types.ts'
import { BLOCK_HEAD, OPEN_CALLS_HEAD } from './chunk.ts'
import { type Names, readNames } from './dictionary.ts'
import type { RecordEnd, RecordHeader } from './file.ts'
import { readHeader } from './header.ts'
import { countLosses, type Losses } from './losses.ts'
import { type Chunk, type Scan, scan } from './scan.ts'

/** What a record file says about its process. */
export interface Recovered extends Losses {
  /** What the file says of itself; undefined when both copies of it are damaged, or this is no record file. */
  header: RecordHeader | undefined
  /** Calls and messages, in the order in which they ended. */
  entries: Entry[]
  /** Calls that had begun and not ended, the outermost first, with the time until the last sign of life. */
  open: Entry[]
  /** How the process let go of the file, all of it written; undefined when it had no time to. */
  end: RecordEnd | undefined
  /** Whether there is such an end. */
  closed: boolean
  /** When the file was last written, in epoch milliseconds; 0 when that is not known. */
  lastSign: number
  /** Where the entries were with the sinks, about a second before the end. */
  ledger: Ledger | undefined
  /** Version of the file's format; 0 when this is no record file. A later one than `RECORD_VERSION` is not read. */
  format: number
}

/** A START and the clock it was written by. */
interface Begun {
  word: number
  epoch: number
  /** The block it is in, by its sequence. */
  block: number
}

/** What is read of records one after the other. */
interface Reading {
  found: Scan
  names: Names
  decoder: Decoder
  entries: Entry[]
  /** Calls without an end so far, by span. */
  begun: Map<number, Begun>
  setEpoch(epoch: number): void
}

/**
 * Reads a record file, whole or not: every whole block comes back, and what is missing is counted. Takes any bytes and
 * never throws.
 *
 * @example
 * const { open, entries } = readRecord(readFileSync('app.nfo'))
 */
export function readRecord(bytes: Uint8Array): Recovered {
  const found = scan(bytes)
  const header = readHeader(found)
  const reading = startReading(found)
  const open = readOpenCalls(reading, found.openCalls.at(-1))
  readBlocks(reading, open)
  const lastSign = lastSignOf(found, header)
  const losses = countLosses(found, header, reading.names)
  const { environment, version, end } = header ?? {}
  const entries = [...reading.entries, ...openEntries(reading, open, lastSign)]
  if (environment || version) for (const entry of entries) Object.assign(entry, { environment, version })
  const isEnd = end !== undefined && end.blocks >= losses.total.blocks
  return {
    ...losses,
    header,
    entries: entries.filter((entry) => !entry.open),
    open: entries.filter((entry) => entry.open),
    closed: isEnd,
    end: isEnd ? end : undefined,
    lastSign,
    ledger: ledgerOf(found),
    format: found.version
  }
}

function startReading(found: Scan): Reading {
  const names = readNames(found)
  const dictionary = { ...names, epoch: 0 }
  const decoder = createDecoder(dictionary)
  const setEpoch = (epoch: number) => {
    dictionary.epoch = Number.isFinite(epoch) ? epoch : 0
  }
  return { found, names, decoder, entries: [], begun: new Map(), setEpoch }
}

/** Visits the records between two bytes, each by its first word. */
function eachRecord({ u32 }: Scan, from: number, to: number, visit: (word: number, shape: number) => void): void {
  for (let word = from >> 3; word < to >> 3; ) {
    const shape = u32[word << 1]
    const words = shape & WORDS_MASK
    if (words < 4 || word + words > to >> 3) return
    if ((shape & KIND_MASK) !== PAD) visit(word, shape)
    word += words
  }
}

/** Calls that were open when the table of them was last written. */
function readOpenCalls({ found, names }: Reading, chunk: Chunk | undefined): Map<number, Begun> {
  const open = new Map<number, Begun>()
  if (!chunk) return open
  const { at, length } = chunk
  const [epoch, , , block] = found.f64.subarray(at >> 3)
  eachRecord(found, at + OPEN_CALLS_HEAD, at + length, (word, shape) => {
    if ((shape & KIND_MASK) !== START) return
    names.needSite(found.u32[(word << 1) + 1] & SITE_MASK)
    open.set(found.u32[(word << 1) + 2], { word, epoch, block })
  })
  return open
}
