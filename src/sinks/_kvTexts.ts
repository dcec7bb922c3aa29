import type { Entry } from '../core/types.ts'
import { toJson } from '../formats/json.ts'

// A value may have 65,536 bytes as V8 writes it, a transaction 1000 changes and 819,200 bytes with its keys.
const VALUE = 65_000
const CHANGE = 700_000
const KEY = 100
const CUT = 8000
/** Values that are set in one transaction at most, and as many keys may go. */
export const MOST_CHANGES = 400

// As V8 writes it: two bytes a character unless all of them are Latin-1.
const bytesIn = (text: string): number => (/[\u0100-\uffff]/.test(text) ? 2 : 1) * text.length

/** As one value. What is too large loses its values, and says so. */
function textOf(entry: Entry): string {
  const text = toJson(entry)
  if (bytesIn(text) <= VALUE) return text
  const { returnValue: _, args, params, exception, traceback, ...rest } = entry
  return toJson({
    ...rest,
    params: [],
    args: entry.kind === 'message' ? [String(args[0]).slice(0, CUT)] : [],
    argTypes: [],
    ...(exception !== undefined && { exception: exception.slice(0, CUT) }),
    ...(traceback !== undefined && { traceback: traceback.slice(0, CUT) }),
    extra: { truncated: true }
  })
}

interface Written {
  entry: Entry
  text: string
}

/** What one transaction takes. */
export function batches(entries: readonly Entry[]): Written[][] {
  const all: Written[][] = []
  let room = 0
  for (const entry of entries) {
    const text = textOf(entry)
    const bytes = bytesIn(text) + KEY
    if (room < bytes || all[all.length - 1].length === MOST_CHANGES) {
      all.push([])
      room = CHANGE
    }
    all[all.length - 1].push({ entry, text })
    room -= bytes
  }
  return all
}

/** As JSON lines, from the last one back as far as there is room. */
export function crashText(entries: readonly Entry[]): string {
  let text = ''
  for (const entry of [...entries].reverse()) {
    const longer = `${textOf(entry)}\n${text}`
    if (bytesIn(longer) > VALUE + 1) break
    text = longer
  }
  return text
}
