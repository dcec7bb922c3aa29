import { BLOCK, CHUNK_BYTES, createChunks, HEADER, MAGIC, NAMES, OPEN_CALLS, RECORD_VERSION } from './chunk.ts'

/** A chunk as it was found. */
export interface Chunk {
  file: number
  kind: number
  version: number
  flags: number
  sequence: number
  count: number
  /** Byte of the payload, and its length. */
  at: number
  length: number
}

/** What is left of a file. */
export interface Scan {
  bytes: Uint8Array
  u32: Uint32Array
  f64: Float64Array
  /** Whole ones, in the order of their sequence. */
  headers: Chunk[]
  names: Chunk[]
  blocks: Chunk[]
  openCalls: Chunk[]
  /** Blocks that begin like one and are none: torn, or hit by damage. */
  brokenBlocks: Chunk[]
  /** The latest format that a chunk says it is written in; 0 when there is no chunk. */
  version: number
}

/** More than any writer writes. */
const LONGEST = 65_536

/**
 * Finds every whole chunk, whatever is around it, by its first bytes and its checksum. Of the files that bytes may be
 * mixed of it takes the one with the most chunks.
 */
export function scan(given: Uint8Array): Scan {
  const bytes = new Uint8Array((given.length + 7) & ~7)
  bytes.set(given)
  const words = { u32: new Uint32Array(bytes.buffer), f64: new Float64Array(bytes.buffer) }
  const { whole, broken } = findChunks(words)
  const file = mostFrequent(whole.map((chunk) => chunk.file))
  const own = whole.filter((chunk) => chunk.file === file)
  const ofKind = (kind: number) => inOrder(own.filter((chunk) => chunk.kind === kind))
  return {
    bytes,
    ...words,
    headers: ofKind(HEADER),
    names: ofKind(NAMES),
    blocks: ofKind(BLOCK),
    openCalls: ofKind(OPEN_CALLS),
    brokenBlocks: broken.filter((chunk) => chunk.file === file && chunk.kind === BLOCK),
    version: whole.reduce((latest, { version }) => Math.max(latest, version), 0)
  }
}

type Words = Pick<Scan, 'u32' | 'f64'>

function findChunks(words: Words): { whole: Chunk[]; broken: Chunk[] } {
  const { u32 } = words
  const { crc } = createChunks()
  const whole: Chunk[] = []
  const broken: Chunk[] = []
  // Bytes that somebody made up could be checked over and over.
  let budget = u32.length * 128 + LONGEST
  for (let word = 0; word + CHUNK_BYTES / 4 <= u32.length; word += 2) {
    if (u32[word] !== MAGIC) continue
    const chunk = chunkAt(words, word)
    const end = word + 2 * ((CHUNK_BYTES + chunk.length + 7) >>> 3)
    const fits = chunk.length <= LONGEST && end <= u32.length
    if (fits) budget -= chunk.length
    if (fits && budget > 0 && u32[word + 1] === crc(u32, word + 2, end)) {
      whole.push(chunk)
      word = end - 2
    } else broken.push(chunk)
  }
  return { whole, broken }
}

function chunkAt({ u32, f64 }: Words, word: number): Chunk {
  const what = u32[word + 3]
  return {
    file: u32[word + 2],
    kind: what & 255,
    version: (what >>> 8) & 255,
    flags: what >>> 16,
    sequence: f64[(word >> 1) + 2],
    length: u32[word + 6],
    count: u32[word + 7],
    at: word * 4 + CHUNK_BYTES
  }
}

function mostFrequent(values: number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0]
}

function inOrder(chunks: Chunk[]): Chunk[] {
  const known = chunks.filter(({ version, sequence }) => version === RECORD_VERSION && sequence >= 0)
  const sorted = known.sort((one, other) => one.sequence - other.sequence)
  return sorted.filter((chunk, index) => chunk.sequence !== sorted[index - 1]?.sequence)
}
