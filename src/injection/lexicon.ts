import { foldText } from './fold.ts'
import { bit } from './rules.ts'
import { WORDS, type WordClass } from './words.ts'

/** What is known of a word or of a phrase. */
export interface Meaning {
  /** The entry, as the phrases spell it. */
  readonly key: string
  mask: number
}

export interface Lexicon {
  /** Words as they are. */
  exact: Map<string, Meaning>
  /** Beginnings of words. */
  stems: Map<string, Meaning>
  /** By the key of their first word: the keys of the others, and what they mean together. */
  phrases: Map<string, [rest: string[], mask: number][]>
  /** By their first character, longest first: texts in scripts without gaps between words. */
  runs: Map<number, [string, Meaning][]>
  /** Words that are English backwards or in ROT13. */
  coded: Map<string, 'rot13' | 'reversed'>
  /** Words that an order may begin with: what follows still begins its sentence. */
  leads: Set<string>
  /**
   * Which words are worth looking up: by the hash of a whole word bit 0, by that of its first four letters
   * a bit for each length of a stem.
   */
  hashes: Uint16Array
}

export const HASHES = 8192
export const EXACT = 1
export const ANY = 0xffff
const LONGEST_STEM = 15
/** Words that an order may begin with. */
const LEADS =
  'please,and,then,now,just,also,so,but,hey,hi,hello,kindly,simply,bitte,und,nun,jetzt,dann,aber,svp,puis,et,y,e,ed,por,favor,ahora,agora,prosze,пожалуйста,и,а,lutfen,ve,请,請,그리고'
const CODED = [
  'ignore',
  'forget',
  'disregard',
  'previous',
  'instructions',
  'prompt',
  'system',
  'rules',
  'reveal',
  'above'
]

/** Chinese characters and kana, which are written without gaps. */
export const isRun = (unit: number): boolean => (unit >= 0x3040 && unit <= 0x30ff) || (unit >= 0x3400 && unit <= 0x9fff)

export const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })

export const reverse = (text: string): string => Array.from(text).reverse().join('')

let lexicon: Lexicon | undefined

/** The words of all languages in the form they are looked up in, made at the first call. */
export function theLexicon(): Lexicon {
  lexicon ??= compile()
  return lexicon
}

function compile(): Lexicon {
  const made: Lexicon = {
    exact: new Map(),
    stems: new Map(),
    phrases: new Map(),
    runs: new Map(),
    coded: new Map(),
    leads: new Set(),
    hashes: new Uint16Array(HASHES)
  }
  const phrases: [string[], number][] = []
  for (const [name, list] of Object.entries(WORDS)) {
    for (const entry of new Set(list.split(',').map((item) => foldText(item).replace(/\s+/g, ' ').trim()))) {
      const mask = bit(name as WordClass)
      const parts = entry.split(' ')
      if (isRun(entry.charCodeAt(0))) addRun(made, entry, mask)
      else if (parts.length > 1) phrases.push([parts, mask])
      else addWord(made, entry, mask)
    }
  }
  for (const word of LEADS.split(',')) {
    if (isRun(word.charCodeAt(0))) addRun(made, word, 0)
    else addWord(made, word, 0)
    made.leads.add(word)
  }
  for (const [parts, mask] of phrases) addPhrase(made, parts, mask)
  for (const word of CODED) {
    for (const [form, how] of [
      [rot13(word), 'rot13'],
      [reverse(word), 'reversed']
    ] as const) {
      made.coded.set(form, how)
      addWord(made, form, 0)
    }
  }
  return made
}

function addWord({ exact, stems, hashes }: Lexicon, entry: string, mask: number): Meaning {
  const isStem = entry.endsWith('*')
  const word = isStem ? entry.slice(0, -1) : entry
  const words = isStem ? stems : exact
  const meaning = words.get(word) ?? { key: entry, mask: 0 }
  meaning.mask |= mask
  words.set(word, meaning)
  let hash = 0
  for (let i = 0; i < (isStem ? 4 : word.length); i++) hash = (hash * 31 + word.charCodeAt(i)) | 0
  hashes[hash & (HASHES - 1)] |= isStem ? 1 << Math.min(word.length, LONGEST_STEM) : EXACT
  return meaning
}

function addRun({ runs }: Lexicon, entry: string, mask: number): void {
  const list = runs.get(entry.charCodeAt(0)) ?? []
  const known = list.find(([text]) => text === entry)
  if (known) known[1].mask |= mask
  else list.push([entry, { key: entry, mask }])
  runs.set(
    entry.charCodeAt(0),
    list.sort(([one], [other]) => other.length - one.length)
  )
}

function addPhrase(made: Lexicon, parts: string[], mask: number): void {
  const [first, ...rest] = parts.map((part) => (lookUp(made, part) ?? addWord(made, part, 0)).key)
  const list = made.phrases.get(first) ?? []
  list.push([rest, mask])
  made.phrases.set(first, list)
}

/** What a folded word means, by itself or by its longest stem. `hints` are bits out of `hashes`. */
export function lookUp({ exact, stems }: Lexicon, word: string, hints: number = ANY): Meaning | undefined {
  const found = hints & EXACT ? exact.get(word) : undefined
  if (found || hints === EXACT) return found
  for (let length = Math.min(word.length, LONGEST_STEM); length > 1; length--) {
    const stem = hints & (1 << length) ? stems.get(word.slice(0, length)) : undefined
    if (stem) return stem
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

function longestAt({ exact, stems }: Lexicon, run: string, from: number): number {
  for (let length = Math.min(run.length - from, LONGEST_STEM + 2); length > 2; length--) {
    const part = run.slice(from, from + length)
    if (exact.has(part) || stems.has(part)) return length
  }
  return 0
}
