import type { Entry } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { visitId } from './_visit.ts'

/** Bytes that a browser sends on for a page that is closed. */
export const BUDGET = 65_536

/** JSON lines, in texts of at most so many characters; a longer line is alone. */
export function textsOf(entries: readonly Entry[], most: number): string[] {
  const visit = visitId()
  const texts: string[] = []
  let text = ''
  for (const entry of entries) {
    const line = `${toJson({ ...entry, extra: { visit, ...entry.extra } })}\n`
    if (text && text.length + line.length > most) texts.push(text)
    text = text && text.length + line.length <= most ? text + line : line
  }
  return [...texts, text]
}
