import type { Entry } from '../core/types.ts'
import { toJson } from '../formats/json.ts'

const encoder = /* @__PURE__ */ new TextEncoder()

export const bytesIn = (text: string): number => encoder.encode(text).length

/** The size of an entry as a line of JSON. */
export const lineBytes = (entry: Entry): number => bytesIn(toJson(entry)) + 1

/** Entries as JSON lines, in pieces of so many bytes at most. A line that is longer than that is a piece of its own. */
export function pieces(entries: readonly Entry[], most: number): { text: string; bytes: number }[] {
  const all: { text: string; bytes: number }[] = []
  for (const entry of entries) {
    const line = `${toJson(entry)}\n`
    const bytes = bytesIn(line)
    const last = all.at(-1)
    if (last && last.bytes + bytes <= most) {
      last.text += line
      last.bytes += bytes
    } else all.push({ text: line, bytes })
  }
  return all
}
