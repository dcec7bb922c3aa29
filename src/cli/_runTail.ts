import { redactText } from './_runSecrets.ts'

const KEPT = 65_536
const WIDEST = 1000

/** Remembers the end of a stream in constant memory. */
export interface Tail {
  push(chunk: Uint8Array): void
  /** The last lines as text, without secrets, each cut at 1000 characters. */
  lines(count: number): string
}

export function createTail(): Tail {
  const bytes = new Uint8Array(2 * KEPT)
  let end = 0
  let isCut = false

  function makeRoom(length: number): void {
    if (end + length <= bytes.length) return
    isCut = true
    bytes.copyWithin(0, end - KEPT, end)
    end = KEPT
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at += KEPT) {
        const part = chunk.subarray(at, at + KEPT)
        makeRoom(part.length)
        bytes.set(part, end)
        end += part.length
      }
    },
    lines(count) {
      // All of it, so that a key of many lines is known by its first one.
      const lines = redactText(new TextDecoder().decode(bytes.subarray(0, end))).split('\n')
      if (lines[lines.length - 1] === '') lines.pop()
      // The beginning of this one is gone.
      if (isCut && lines.length > 1) lines.shift()
      return lines
        .slice(Math.max(0, lines.length - count))
        .map(shown)
        .join('\n')
    }
  }
}

/** What a terminal would show in the end: a progress bar goes back to the start of its line. */
function shown(line: string): string {
  const whole = line.replace(/\r$/, '')
  const last = whole.slice(whole.lastIndexOf('\r') + 1)
  return last.length > WIDEST ? `${last.slice(0, WIDEST)}…` : last
}
