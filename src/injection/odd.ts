import { foldUnit, GAP, INVISIBLE, leetUnit, readMixed } from './fold.ts'
import { LAST, type Lexicon, lookUp, type Meaning, mix } from './lexicon.ts'

// What a word is made of.
export const LATIN = 1
export const LEET = 2
export const ALPHABET = 4
export const OTHER = 8
export const CHANGED = 16

const PLAIN = /^[\w@$]*$/
// What a 1 may stand for.
const I = 105
const L = 108

/** Words that are not compared as they are. */
export const isOdd = (made: number): boolean =>
  (made & OTHER) !== 0 || ((made & LATIN) !== 0 && (made & (ALPHABET | LEET)) !== 0)

/** A word in several alphabets, with digits for letters, or in a script whose stems may be short. */
export function readOdd(word: string, made: number, lexicon: Lexicon): Meaning | undefined {
  const folded = PLAIN.test(word) ? word.toLowerCase() : foldWord(word)
  const read = made & LATIN && made & ALPHABET ? readMixed(folded) : folded
  if (!(made & LEET)) return lookUp(lexicon, read)
  if (read.length < 3) return undefined
  return readLeet(read, I, lexicon) ?? (read.includes('1') ? readLeet(read, L, lexicon) : undefined)
}

/** Looks a word up with its digits read as letters. Most such words are numbers of things, so they are hashed first. */
function readLeet(word: string, one: number, lexicon: Lexicon): Meaning | undefined {
  let hash = 0
  let known: unknown
  for (let i = 0; i < word.length; i++) {
    hash = mix(hash, leetUnit(word.charCodeAt(i), one))
    if (i === 2 || i === 3) known ??= lexicon.stems[hash & LAST]
  }
  if (!known && !lexicon.exact[hash & LAST]) return undefined
  const letters = Array.from(word, (letter) => String.fromCharCode(leetUnit(letter.charCodeAt(0), one)))
  return lookUp(lexicon, letters.join(''))
}

/** A word without accents, in plain letters. */
export function foldWord(word: string): string {
  let folded = ''
  for (let i = 0; i < word.length; i++) {
    const code = word.codePointAt(i) as number
    if (code > 0xffff) folded += String.fromCodePoint(code).normalize('NFKD').toLowerCase()
    const unit = code > 0xffff ? INVISIBLE : foldUnit(code)
    if (unit > GAP) folded += String.fromCharCode(unit)
    if (code > 0xffff) i++
  }
  return folded.toLowerCase()
}
