import { after } from '../drivers/_after.ts'
import type { SqlDriver, Statement } from '../drivers/types.ts'
import type { Cell } from '../formats/row.ts'
import { isoMicros, parseSpan } from '../formats/time.ts'

export interface CapOptions {
  /** Rows that are kept at most, the newest ones. @default without limit */
  maxRows?: number
  /**
   * Bytes that the files may take together, 256 KiB at least; the oldest rows go before new ones would need more. One batch
   * that is larger than a sixteenth of it may exceed it for a moment, and so may a log that another process is reading from.
   * A file that is larger already shrinks when nfo created it; another one only stops growing. @default without limit
   */
  maxBytes?: number
  /** Milliseconds, or text such as `'30m'`, `'24h'`, `'7d'`, after which a row is deleted. @default without limit */
  maxAge?: number | string
}

/** Keeps a table within its caps. Both answer as the driver does. */
export interface Caps {
  /** Makes room for the rows that are about to be written. */
  before(driver: SqlDriver, rows: readonly (readonly Cell[])[]): void | Promise<void>
  /** What is to be deleted in the transaction that inserts so many rows. */
  along(count: number): Statement[]
}

/** A share of a cap that is freed at once, so that not every batch deletes. */
const SLACK = 32
const LEAST_BYTES = 256 * 1024

export function createCaps({ maxRows, maxBytes, maxAge }: CapOptions): Caps {
  const rowsKept = maxRows === undefined ? 0 : whole('maxRows', maxRows, 1)
  const bytesKept = maxBytes === undefined ? 0 : whole('maxBytes', maxBytes, LEAST_BYTES)
  const ageKept = maxAge === undefined ? 0 : duration(maxAge)
  const rowSlack = Math.floor(rowsKept / SLACK)
  let sinceTrim = Number.POSITIVE_INFINITY
  let lastAged = Number.NEGATIVE_INFINITY

  return {
    along(count) {
      const deletions: Statement[] = []
      sinceTrim += count
      if (rowsKept > 0 && sinceTrim > rowSlack) {
        sinceTrim = 0
        deletions.push(deletion('id <= (SELECT max(id) FROM logs) - ?', rowsKept - rowSlack))
      }
      const now = Date.now()
      // Also when the clock was set back.
      if (ageKept > 0 && Math.abs(now - lastAged) > ageKept / SLACK) {
        lastAged = now
        deletions.push(deletion('timestamp < ?', isoMicros(now - ageKept)))
      }
      return deletions
    },
    before(driver, rows) {
      if (bytesKept === 0) return
      const found = sizes(driver)
      // A sql.js that is still loading takes rows at once and answers later: too late for what is written at the end.
      if (found instanceof Promise && !driver.bytes) return
      return makeRoom(driver, found, bytesKept * (driver.share ?? 1), growth(rows), SLACK)
    }
  }
}

const deletion = (condition: string, value: Cell): Statement => ({
  sql: `DELETE FROM logs WHERE ${condition}`,
  values: [value]
})

/** What the rows will take, rather too much: their texts, and once more for the indices and half-full pages. */
function growth(rows: readonly (readonly Cell[])[]): number {
  let bytes = 0
  for (const row of rows) {
    bytes += 256
    for (const cell of row) if (typeof cell === 'string') bytes += cell.length * 2
  }
  return bytes
}

/** Deletes the oldest rows until there is room, an eighth of them a turn and so often at most. */
function makeRoom(
  driver: SqlDriver,
  found: Sizes | Promise<Sizes>,
  limit: number,
  wanted: number,
  turns: number
): void | Promise<void> {
  return after(found, ({ content, file }) => {
    const excess = content + Math.min(wanted, limit / 2) - limit
    if (excess <= 0) return file > limit && file > content ? shrink(driver) : undefined
    if (turns === 0) return
    const share = Math.min(1 / 8, (excess + limit / SLACK) / content)
    const oldest = 'id <= (SELECT min(id) + (max(id) - min(id)) * ? FROM logs)'
    const deleted = driver.transaction([deletion(oldest, share)])
    return after(deleted, () => makeRoom(driver, sizes(driver), limit, wanted, turns - 1))
  })
}

interface Sizes {
  readonly content: number
  readonly file: number
}

const SIZES = `SELECT page_size * (page_count - freelist_count), page_size * page_count
FROM pragma_page_size, pragma_page_count, pragma_freelist_count`

function sizes(driver: SqlDriver): Sizes | Promise<Sizes> {
  if (driver.bytes) return after(driver.bytes(), (bytes) => ({ content: bytes, file: bytes }))
  return after(driver.all(SIZES), ({ rows: [[content, file]] }) => ({ content: Number(content), file: Number(file) }))
}

/** Gives some free pages back, where the file was made for that. */
function shrink(driver: SqlDriver): void | Promise<void> {
  return after(driver.all('PRAGMA incremental_vacuum(256)'), () => {})
}

function whole(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new Error(`[nfo] [sqlite] ${name} is ${String(value)}; pass a whole number from ${least}`)
}

function duration(age: number | string): number {
  const ms = typeof age === 'number' ? age : (parseSpan(String(age)) ?? 0)
  if (Number.isFinite(ms) && ms > 0) return ms
  throw new Error(`[nfo] [sqlite] maxAge is ${String(age)}; pass milliseconds or text such as '30m', '24h' or '7d'`)
}
