import type { Entry, Ledger } from '../core/types.ts'
import { readNames } from './dictionary.ts'
import type { RecordEnd, RecordHeader } from './file.ts'
import { readHeader } from './header.ts'
import { countLosses, type Losses } from './losses.ts'
import { replay } from './replay.ts'
import { type Chunk, type Scan, scan } from './scan.ts'

/** What a record file says about its process. */
export interface Recovered extends Losses {
  /** What the file says of itself; undefined when both copies of it are damaged, or this is no record file. */
  header: RecordHeader | undefined
  /** Calls and messages, in the order in which they ended. */
  entries: Entry[]
  /** Calls that had not ended, the outermost first, with the time until the last sign of life. */
  open: Entry[]
  /** How the process let go of the file with all of it written; undefined when it had no time to. */
  end: RecordEnd | undefined
  /** Whether there is such an end. */
  closed: boolean
  /** When the file was last written, in epoch milliseconds; 0 when that is not known. */
  lastSign: number
  /** Where the entries were with the sinks, a second before that at most. */
  ledger: Ledger | undefined
  /** Of the file; 0 when this is no record file. Above `RECORD_VERSION` nothing is read. */
  format: number
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
  const names = readNames(found)
  const lastSign = lastSignOf(found, header)
  const { entries, open, unnamed } = replay(found, names, lastSign)
  const end = endOf(found, header)
  const { environment, version } = header ?? {}
  if (environment || version) for (const entry of [...entries, ...open]) Object.assign(entry, { environment, version })
  return {
    ...countLosses(found, header, { names: names.missing(), open: unnamed }),
    header,
    entries,
    open,
    end,
    closed: end !== undefined,
    lastSign,
    ledger: ledgerOf(found),
    format: found.version
  }
}

/** A process may have survived what looked like its end, and written on. */
function endOf({ blocks }: Scan, header: RecordHeader | undefined): RecordEnd | undefined {
  const written = (blocks.at(-1)?.sequence ?? -1) + 1
  return header?.end && header.end.blocks >= written ? header.end : undefined
}

function lastSignOf({ f64, blocks, openCalls }: Scan, header: RecordHeader | undefined): number {
  const timeOf = (chunk: Chunk | undefined): number => (chunk ? f64[chunk.at >> 3] + f64[(chunk.at >> 3) + 1] : 0)
  const times = [timeOf(blocks.at(-1)), timeOf(openCalls.at(-1)), header?.end?.time ?? 0]
  return Math.max(...times.map((time) => (Number.isFinite(time) ? time : 0)))
}

function ledgerOf({ f64, openCalls }: Scan): Ledger | undefined {
  const table = openCalls.at(-1)
  // Nobody has asked for it yet.
  if (!table || f64[(table.at >> 3) + 5] === 0) return undefined
  const [accepted, delivered, dropped, failed, pending] = f64.subarray((table.at >> 3) + 5, (table.at >> 3) + 10)
  return { accepted, delivered, dropped, failed, pending }
}
