import { foldText } from './fold.ts'
import { bit } from './rules.ts'
import { WORDS, type WordClass } from './words.ts'

/** What is known of a word, or of the beginning of words. */
export interface Meaning {
  readonly word: string
  /** The entry, as the phrases spell it. */
  readonly key: string
  mask: number
  /** An order may begin with it: what follows still begins its sentence. */
  leads: boolean
  /** It is English in another spelling. */
  coded?: 'rot13' | 'reversed'
  /** What it is the first word of, by the first letters of the second one. */
  phrases?: Map<string, Phrase[]>
  /** The beginning of words that it is one of, for the phrases of that. */
  wider?: Meaning
}

export interface Phrase {
  /** For each word after the first, what it may be. */
  readonly rest: readonly string[][]
  readonly mask: number
}

/** By the low bits of a hash. Most places are empty, so that most words are seen to be unknown at once. */
type Table = (Meaning[] | undefined)[]

export interface Lexicon {
  /** Words as they are. */
  exact: Table
  /** Beginnings of words, by the hash of their first four letters, or of all when they are shorter; longest first. */
  stems: Table
  /** By their first character, longest first: texts in scripts without gaps between words. */
  runs: Table
}

export const LAST = 8191
/** The end of a phrase that a name follows: a word that is not known, with a capital letter. */
export const NAME = '^'
const HEAD = 4
const LONGEST = 17
/** Words that an order may begin with. */
const LEADS =
  'please,and,then,now,just,also,so,but,hey,hi,hello,kindly,simply,bitte,und,nun,jetzt,dann,aber,svp,puis,et,y,e,ed,por,favor,ahora,agora,prosze,пожалуйста,и,а,lutfen,ve,请,請,그리고'
const CODED = 'ignore,forget,disregard,previous,instructions,prompt,system,rules,reveal,above'

/** Thai, Chinese characters and kana, which are written without gaps. */
export const isRun = (unit: number): boolean =>
  unit >= 0x0e00 && (unit <= 0x0e7f || (unit >= 0x3040 && unit <= 0x30ff) || (unit >= 0x3400 && unit <= 0x9fff))

export const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })

export const reverse = (text: string): string => Array.from(text).reverse().join('')

/** The hash of a word that goes on with a unit. */
export const mix = (hash: number, unit: number): number => (Math.imul(hash, 31) + unit) | 0

/** What a second word is looked up by in a phrase. */
export const headOf = (key: string): string => key.slice(0, 3)

let lexicon: Lexicon | undefined

/** The words of all languages in the form they are looked up in, made at the first call. */
export function theLexicon(): Lexicon {
  lexicon ??= compile()
  return lexicon
}

const table = (): Table => Array.from({ length: LAST + 1 }, () => undefined)

function compile(): Lexicon {
  const made: Lexicon = { exact: table(), stems: table(), runs: table() }
  const phrases: [string[][], number][] = []
  for (const [name, list] of Object.entries(WORDS)) {
    const mask = bit(name as WordClass)
    for (const entry of list.split(',').flatMap((item) => spread(spell(item)))) {
      const parts = entry.split(' ').filter(Boolean)
      if (parts.length > 1) phrases.push([parts.map(choices), mask])
      else addEntry(made, parts[0]).mask |= mask
    }
  }
  for (const word of LEADS.split(',')) addEntry(made, word).leads = true
  const seen = new Map<string, Meaning>()
  const find = (part: string): Meaning => {
    const known = seen.get(part)
    if (known) return known
    // It is an entry of its own, and keeps what a shorter beginning means.
    const mask = lookUp(made, part)?.mask ?? 0
    const meaning = addEntry(made, part)
    meaning.mask |= mask
    seen.set(part, meaning)
    return meaning
  }
  for (const [parts, mask] of phrases) addPhrase(find, parts, mask)
  for (const list of [...made.exact, ...made.stems]) {
    for (const meaning of list ?? []) meaning.wider = longestStem(made, meaning.word, meaning)
  }
  for (const word of CODED.split(',')) {
    addEntry(made, rot13(word)).coded = 'rot13'
    addEntry(made, reverse(word)).coded = 'reversed'
  }
  return made
}

/** Texts without gaps are compared as they are, all others folded. */
const spell = (item: string): string => (isRun(item.trim().charCodeAt(0)) ? item.trim() : foldText(item))

/** `{a|b}c` and `{a b|}` as several entries; a choice of single words between gaps stays one. */
function spread(item: string): string[] {
  if (!item.includes('{')) return [item]
  for (const { 0: whole, 1: choice, index } of item.matchAll(/\{([^}]*)\}/g)) {
    const before = item.slice(0, index)
    const after = item.slice(index + whole.length)
    if (/(^| )$/.test(before) && /^( |$)/.test(after) && !/ |^\||\|\||\|$/.test(choice)) continue
    return choice.split('|').flatMap((one) => spread(before + one + after))
  }
  return [item]
}

const choices = (part: string): string[] => (part.includes('{') ? part.slice(1, -1).split('|') : [part])

/** Finds or adds a word; `*` at its end makes it a beginning of words. */
function addEntry({ exact, stems, runs }: Lexicon, key: string): Meaning {
  const first = key.charCodeAt(0)
  const isStem = key.endsWith('*') && !isRun(first)
  const word = key.replace(/\*$/, '')
  const words = isRun(first) ? runs : isStem ? stems : exact
  const place = isRun(first) ? first & LAST : placeOf(isStem ? word.slice(0, HEAD) : word)
  const list = words[place] ?? []
  words[place] = list
  const known = list.find((meaning) => meaning.word === word)
  if (known) return known
  const meaning: Meaning = { word, key, mask: 0, leads: false }
  list.push(meaning)
  if (list.length > 1) list.sort((one, other) => other.word.length - one.word.length)
  return meaning
}

function placeOf(word: string): number {
  let hash = 0
  for (let i = 0; i < word.length; i++) hash = mix(hash, word.charCodeAt(i))
  return hash & LAST
}

function addPhrase(find: (word: string) => Meaning, parts: string[][], mask: number): void {
  const [first, ...others] = parts
  const rest = others.map((part) => part.map((word) => (word === NAME ? NAME : find(word).key)))
  const phrase: Phrase = { rest, mask }
  for (const word of first) {
    const meaning = find(word)
    meaning.phrases ??= new Map()
    for (const key of rest[0]) {
      const list = meaning.phrases.get(headOf(key)) ?? []
      if (!list.includes(phrase)) list.push(phrase)
      meaning.phrases.set(headOf(key), list)
    }
  }
}

/** What a folded word means, by itself or by its longest stem. */
export function lookUp(made: Lexicon, word: string): Meaning | undefined {
  for (const known of made.exact[placeOf(word)] ?? []) if (known.word === word) return known
  return longestStem(made, word)
}

function longestStem({ stems }: Lexicon, word: string, but?: Meaning): Meaning | undefined {
  for (let length = Math.min(word.length, HEAD); length > 1; length--) {
    for (const known of stems[placeOf(word.slice(0, length))] ?? []) {
      if (known !== but && word.startsWith(known.word)) return known
    }
  }
  return undefined
}

/** A run of letters without gaps cut into the known words that are in it. */
export function segment(made: Lexicon, run: string): string {
  const words: string[] = []
  for (let i = 0; i < run.length; ) {
    const length = longestAt(made, run, i)
    if (length > 0) words.push(run.slice(i, i + length))
    i += length || 1
  }
  return words.join(' ')
}

function longestAt(made: Lexicon, run: string, from: number): number {
  for (let length = Math.min(run.length - from, LONGEST); length > 2; length--) {
    if (lookUp(made, run.slice(from, from + length))?.word.length === length) return length
  }
  return 0
}
