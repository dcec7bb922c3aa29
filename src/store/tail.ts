import type { FileSystem } from '../runtimes/types.ts'
import { bytesOf, headOf, isGzip } from './pieces.ts'
import { createReader, textFormat } from './reader.ts'
import type { Found } from './source.ts'

/** An open text file that grows. */
export interface Tail {
  /** Bytes that were read. */
  readonly position: number
  /** What has come since. */
  drain(): Generator<Found[]>
  /** What is left of a last line without an end. */
  end(): Found[]
}

/** Reads on from a position, which has to be the begin of a line. */
export function openTail(fs: FileSystem, fd: number, from: number, skip: () => void): Tail {
  const decoder = new TextDecoder()
  const reader = createReader(skip)
  let position = from
  if (from > 0) reader.push(headerOf(fs, fd))
  return {
    get position() {
      return position
    },
    *drain() {
      for (const bytes of bytesOf(fs, fd, position)) {
        position += bytes.length
        yield reader.push(decoder.decode(bytes, { stream: true }))
      }
    },
    end: () => [...reader.push(decoder.decode()), ...reader.end()]
  }
}

/** The columns of a CSV file stand at its top. */
function headerOf(fs: FileSystem, fd: number): string {
  const head = new TextDecoder().decode(headOf(fs, fd))
  const [line] = head.split('\n', 1)
  return textFormat(line) === 'csv' && line.includes('timestamp') ? `${line}\n` : ''
}

/** Behind the last whole line of the first `size` bytes: what follows is still being written. */
export function lastLineEnd(fs: FileSystem, fd: number, size: number): number {
  if (isGzip(headOf(fs, fd, 2))) return size
  let end = size
  while (end > 0) {
    const from = Math.max(0, end - 65_536)
    const found = bytesOf(fs, fd, from, end).next().value?.lastIndexOf(10) ?? -1
    if (found >= 0) return from + found + 1
    end = from
  }
  return 0
}
