import type { Cell } from '../formats/row.ts'
import type { Statement } from './types.ts'

/*
 * A journal is a header and blocks, in 32-bit little-endian words. Header: magic, identity (two words), checksum. Block:
 * length of the text in bytes, checksum, text. The text is a JSON list, filled up with spaces to whole words:
 * `["INSERT …", [1, 2], [3, 4], "DELETE …", []]` runs the first statement twice, then the second. Checksums begin with
 * the identity and the place, so that a block of another journal, or at another place, is none.
 */
const MAGIC = 0x6a6f666e
const HEADER = 16
const HEAD = 8
const SPACE = 0x20

/** What is in a journal, up to the first block that is not whole. */
export interface Blocks {
  /** A random number that this journal has and no other. */
  readonly id: number
  /** Bytes that are whole. */
  readonly size: number
  /** The transactions behind that byte. */
  after(position: number): Iterable<Statement[]>
}

/** A random number, never zero. */
export const newId = (): number => Math.floor(Math.random() * 2 ** 52) + 1

/** Finds the blocks of a journal. Throws when it is something else. */
export function parseJournal(bytes: Uint8Array<ArrayBuffer>, path: string): Blocks {
  const words = new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4))
  // A header is written together with the first block: when torn, or still zeros, there is nothing else.
  const isThere = words.length >= 4 && words[0] !== 0
  if (isThere && words[0] !== MAGIC) throw new Error(`${path} is no journal of nfo; move it away`)
  if (!isThere || words[3] !== checksum(words, 0, 3, 0)) return { id: newId(), size: 0, after: () => [] }
  const id = words[1] + words[2] * 2 ** 32
  const ends = [HEADER]
  for (let at = HEADER, end = 0; at < bytes.length; at = end) {
    end = endOf(words, at, id)
    if (end === 0) break
    ends.push(end)
  }
  return {
    id,
    size: ends[ends.length - 1],
    *after(position) {
      for (let index = 1; index < ends.length; index++) {
        const start = ends[index - 1]
        if (start >= position) yield statementsOf(bytes.subarray(start + HEAD, ends[index]))
      }
    }
  }
}

/** Where the block ends; 0 when it is not whole. */
function endOf(words: Uint32Array, at: number, id: number): number {
  const from = (at + HEAD) / 4
  const length = words[at / 4]
  const to = from + length / 4
  if (!length || length & 3 || to > words.length) return 0
  return words[from - 1] === checksum(words, from, to, id ^ at) ? to * 4 : 0
}

function statementsOf(text: Uint8Array): Statement[] {
  const parts = JSON.parse(new TextDecoder().decode(text)) as (string | Cell[])[]
  const statements: Statement[] = []
  let sql = ''
  for (const part of parts) {
    if (typeof part === 'string') sql = part
    else statements.push({ sql, values: part })
  }
  return statements
}

/** Writes blocks, and the header before the first one, to memory that it uses again. */
export interface Pen {
  /** A block for that place of that journal. */
  write(statements: readonly Statement[], id: number, at: number): Uint8Array
}

export function createPen(): Pen {
  const utf8 = new TextEncoder()
  let bytes = new Uint8Array(0)
  let words = new Uint32Array(0)

  function grow(size: number): void {
    bytes = new Uint8Array((size + 3) & ~3)
    words = new Uint32Array(bytes.buffer)
  }

  function writeHeader(id: number): void {
    words[0] = MAGIC
    words[1] = id
    words[2] = id / 2 ** 32
    words[3] = checksum(words, 0, 3, 0)
  }

  return {
    write(statements, id, at) {
      const text = textOf(statements)
      const start = (at === 0 ? HEADER : 0) + HEAD
      // Most text is ASCII; room for the worst case would be three times as much.
      if (bytes.length < start + text.length + 4) grow(start + text.length + (text.length >> 2) + 4096)
      let { read, written } = utf8.encodeInto(text, bytes.subarray(start))
      if (read < text.length) {
        grow(start + text.length * 3)
        written = utf8.encodeInto(text, bytes.subarray(start)).written
      }
      const length = (written + 3) & ~3
      bytes.fill(SPACE, start + written, start + length)
      if (at === 0) writeHeader(id)
      const block = at === 0 ? HEADER : at
      const from = start >> 2
      words[from - 2] = length
      words[from - 1] = checksum(words, from, from + (length >> 2), id ^ block)
      return bytes.subarray(0, start + length)
    }
  }
}

/** JSON, with the text of a statement once for all that follow each other with it. */
function textOf(statements: readonly Statement[]): string {
  const parts: unknown[] = []
  let last: string | undefined
  for (const { sql, values = [] } of statements) {
    if (sql !== last) parts.push(sql)
    parts.push(values)
    last = sql
  }
  return JSON.stringify(parts)
}

/** MurmurHash3: a word at a time, so five times as fast as a CRC in JavaScript. */
function checksum(words: Uint32Array, from: number, to: number, seed: number): number {
  let hash = seed
  for (let index = from; index < to; index++) {
    let word = Math.imul(words[index], 0xcc9e2d51)
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593)
    hash ^= word
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
