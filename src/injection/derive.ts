import { foldText } from './fold.ts'
import { type Lexicon, reverse, rot13, segment } from './lexicon.ts'
import type { Scan, Span } from './scan.ts'

/** A text that is hidden in another one. */
export interface Derived {
  text: string
  span: Span
}

const ENCODED = /[\w+/-]{24,}={0,2}/g
const MOST = 20
const UNREADABLE = /(?![\t\n\r])[\p{Cc}\ufffd]/u

/**
 * What can be read out of a text by joining spaced letters, cutting words without gaps, and decoding, each once and
 * `limit` characters in all.
 */
export function derive(text: string, found: Scan, lexicon: Lexicon, limit: number): Derived[] {
  const made: Derived[] = []
  const whole: Span = [0, Math.min(text.length, limit)]
  const part = ([from, to]: Span): string => text.slice(from, Math.min(to, from + limit))
  if (found.tagged) made.push({ text: found.tagged.text.slice(0, limit), span: found.tagged.span })
  if (found.coded.rot13 > 1) made.push({ text: rot13(part(whole)), span: whole })
  if (found.coded.reversed > 1) made.push({ text: reverse(part(whole)), span: whole })
  let left = limit
  const take = (span: Span, read: (source: string) => string | undefined): void => {
    const source = part(span).slice(0, left)
    left -= source.length
    const shown = read(source)
    if (shown) made.push({ text: shown, span })
  }
  const joined = (source: string): string => segment(lexicon, foldText(source).replace(/\P{L}/gu, ''))
  for (const span of found.spaced.slice(0, MOST)) take(span, joined)
  const several = (source: string): string | undefined => (isName(source) ? undefined : ifSeveral(joined(source)))
  for (const span of found.long.slice(0, MOST)) take(span, several)
  if (found.long.length > 0) {
    let count = 0
    for (const { 0: source, index } of text.matchAll(ENCODED)) {
      if (count++ === MOST || left <= 0) break
      take([index, index + source.length], decode)
    }
  }
  return made
}

/** One known word inside a long one is chance. */
const ifSeveral = (words: string): string | undefined => (/ .+ /.test(words) ? words : undefined)

/** A name in code, like `ignorePreviousRule`. */
const isName = (word: string): boolean => /^[a-z]+[A-Z]|\d/.test(word)

function decode(source: string): string | undefined {
  const isHex = source.length >= 32 && /^(?:[\da-f]{2})+$/i.test(source)
  try {
    const bytes = isHex ? fromHex(source) : fromBase64(source)
    const text = new TextDecoder().decode(bytes)
    // The last character may have been cut.
    return UNREADABLE.test(text.slice(0, -1)) ? undefined : text
  } catch {
    return undefined
  }
}

const fromHex = (source: string): Uint8Array =>
  Uint8Array.from({ length: source.length >> 1 }, (_, i) => Number.parseInt(source.slice(i * 2, i * 2 + 2), 16))

function fromBase64(source: string): Uint8Array {
  const plain = source.replace(/=+$/, '').replace(/-/g, '+').replace(/_/g, '/')
  const whole = plain.slice(0, plain.length % 4 === 1 ? -1 : undefined)
  return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0))
}
