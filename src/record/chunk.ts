/**
 * Everything in a record file is a chunk: 32 bytes of header and a payload, on a multiple of 8 bytes. Numbers are
 * little-endian. docs/format.md is the prose of it.
 *
 *   u32 magic    u32 CRC-32 of all that follows it, up to the end of the chunk
 *   u32 file     a random number, the same in every chunk of a file
 *   u8 kind      u8 version      u16 flags
 *   f64 sequence counts the chunks of its kind, from 0
 *   u32 length   of the payload in bytes; zeros fill up the last word
 *   u32 count    of what the kind says
 */
export const RECORD_VERSION = 1

/** `nfo` and a control character. */
export const MAGIC = 0x1a_6f_66_6e
export const CHUNK_BYTES = 32

/** JSON: what the file is and how it ended. Written twice. */
export const HEADER = 1
/** JSON lines: names and functions that records refer to by number. */
export const NAMES = 2
/** f64 epoch, f64 time, f64 entries before; then records. Counts the entries it completes. */
export const BLOCK = 3
/** f64 epoch, time, entries so far, blocks so far, names left out, five of the ledger; then the START of each open call. */
export const OPEN_CALLS = 4

/** A flag of a block: older ones have been overwritten. */
export const WRAPPED = 1

export const BLOCK_HEAD = 24
export const OPEN_CALLS_HEAD = 80

/** A chunk's header as it is sealed. */
export interface Seal {
  file: number
  kind: number
  flags: number
  sequence: number
  length: number
  count: number
}

/** Checks and seals chunks. */
export interface Chunks {
  /** Of the words from one to another. */
  crc(words: Uint32Array, from: number, to: number): number
  /** Writes the header before a payload that is in its place. Returns the bytes of the chunk. */
  seal(words: Uint32Array, header: Seal): number
}

/**
 * Four bytes a step by four tables: a nanosecond, where byte by byte takes eight. Its text runs in a thread: see
 * `parts.ts`.
 */
export function createChunks(): Chunks {
  const table = new Uint32Array(1024)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    table[byte] = crc
  }
  for (let i = 256; i < 1024; i++) table[i] = table[table[i - 256] & 255] ^ (table[i - 256] >>> 8)
  const double = new Float64Array(1)
  const halves = new Uint32Array(double.buffer)

  const chunks: Chunks = {
    crc(words, from, to) {
      let value = -1
      for (let i = from; i < to; i++) {
        value ^= words[i]
        value =
          table[768 + (value & 255)] ^
          table[512 + ((value >>> 8) & 255)] ^
          table[256 + ((value >>> 16) & 255)] ^
          table[value >>> 24]
      }
      return ~value >>> 0
    },

    seal(words, header) {
      const end = (header.length + 39) >> 3
      double[0] = header.sequence
      words[0] = 0x1a6f666e
      words[2] = header.file
      words[3] = header.kind | (1 << 8) | (header.flags << 16)
      words[4] = halves[0]
      words[5] = halves[1]
      words[6] = header.length
      words[7] = header.count
      words[1] = chunks.crc(words, 2, end << 1)
      return end << 3
    }
  }
  return chunks
}
