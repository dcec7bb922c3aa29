import { foldedUnits, foldUnit, GAP, INVISIBLE, readLeet, readMixed } from './fold.ts'
import { EXACT, HASHES, isRun, type Lexicon, lookUp, type Meaning } from './lexicon.ts'
import { bit } from './rules.ts'

/** A known word or phrase in a text. */
export interface Hit {
  mask: number
  readonly key: string
  /** Its place: two a word, one a Chinese or Japanese character. */
  readonly place: number
  readonly from: number
  to: number
  readonly sentence: number
  /** It begins a sentence or a clause. */
  readonly starts: boolean
}

export type Span = [from: number, to: number]

export interface Scan {
  hits: Hit[]
  /** Words long enough to hold something encoded, or several words without gaps. */
  long: Span[]
  /** Letters written one by one. */
  spaced: Span[]
  /** What is written in invisible tag characters, and where. */
  tagged: { text: string; span: Span } | undefined
  /** There are characters that delimiters begin with. */
  marks: boolean
  /** How many words are English in another spelling. */
  coded: { rot13: number; reversed: number }
}

const DIGIT = 3
const MARK = 4
const COMMA = 44
const STOP = 46
const CALL = 40
const QUOTE = 39
const SOFT = [COMMA, 34, QUOTE, CALL, 96]
const LONG = 18
const SPACED = 6
const LONGEST = 40

// What a word is made of.
const LATIN = 1
const LEET = 2
const ALPHABET = 4
const OTHER = 8
const CHANGED = 16

/** What an ASCII unit is: a letter (its lower case), `GAP`, `DIGIT`, `MARK`, or itself when it ends a sentence or a clause. */
const kinds = (): Uint8Array =>
  Uint8Array.from({ length: 128 }, (_, unit) => {
    const character = String.fromCharCode(unit)
    if (/[a-z]/i.test(character)) return unit | 32
    if (/[\d@$]/.test(character)) return DIGIT
    if ('<[#'.includes(character)) return MARK
    return '.!?;:,\n"\'(`'.includes(character) ? unit : GAP
  })
let ascii: Uint8Array | undefined

/** Reads a text once, from left to right, and gives what is known of its words. */
export function scan(text: string, lexicon: Lexicon): Scan {
  ascii ??= kinds()
  const reader = new Reader(text, lexicon, ascii)
  let at = 0
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    const kind = unit < 128 ? ascii[unit] : 0
    if (kind === GAP) at++
    else if (kind === 0) at = isRun(unit) ? reader.readRun(unit, at) : reader.readOther(at)
    else if (kind >= 97 || kind === DIGIT) at = reader.readWord(at)
    else reader.punctuate(kind, at++)
  }
  reader.endSingles(text.length)
  return reader.found
}

const isWord = (kind: number): boolean => kind === DIGIT || (kind >= 97 && !isRun(kind))

/** Goes through a text. What changes with every character stays in local variables: that halves the time. */
class Reader {
  readonly found: Scan = {
    hits: [],
    long: [],
    spaced: [],
    tagged: undefined,
    marks: false,
    coded: { rot13: 0, reversed: 0 }
  }
  private readonly text: string
  private readonly lexicon: Lexicon
  private readonly ascii: Uint8Array
  private readonly folded = foldedUnits()
  private readonly meta = bit('META')
  private readonly url = bit('URL')
  private place = 0
  private sentence = 0
  private starts = true
  private singles = 0
  private singlesFrom = 0

  constructor(text: string, lexicon: Lexicon, ascii: Uint8Array) {
    this.text = text
    this.lexicon = lexicon
    this.ascii = ascii
  }

  /** What the character there stands for. */
  private kindAt(at: number): number {
    const unit = this.text.charCodeAt(at)
    if (unit < 128) return this.ascii[unit]
    const kind = (unit & 0xfc00) === 0xd800 ? foldPair(this.text, at, this.found) : foldUnit(unit)
    // What it stands for may be a digit or a full stop.
    return kind > MARK && kind < 128 ? this.ascii[kind] : kind
  }

  /** Takes the word that begins there; gives where it ends. */
  readWord(from: number): number {
    const { text, ascii, folded } = this
    let letters = 0
    let hash = 0
    let stem = 0
    let made = 0
    let at = from
    let to = from
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const kind = unit < 128 ? ascii[unit] : folded[unit] > 127 ? folded[unit] : this.kindAt(at)
      const isPair = (unit & 0xfc00) === 0xd800
      if (kind < 97 && kind !== DIGIT) {
        if (kind !== INVISIBLE) break
        made |= CHANGED
      } else {
        if (kind >= 0x3040 && isRun(kind)) break
        made |= kind < 128 ? (kind === DIGIT ? LEET : LATIN) : kind < 0x590 ? ALPHABET : OTHER
        if (unit > 127) made |= CHANGED
        hash = (hash * 31 + kind) | 0
        if (++letters === 4) stem = hash
        to = isPair ? at + 2 : at + 1
      }
      if (isPair) at++
    }
    const meaning = letters <= LONGEST ? this.meaningOf(from, to, made, hash, letters > 3 ? stem : hash) : undefined
    if (meaning) this.add(meaning, from, to)
    this.endWord(from, to, letters)
    this.starts &&= meaning !== undefined && this.lexicon.leads.has(meaning.key)
    return at
  }

  private meaningOf(from: number, to: number, made: number, hash: number, stem: number): Meaning | undefined {
    const { lexicon, text } = this
    const { hashes } = lexicon
    if (made & OTHER || (made & LATIN && made & (ALPHABET | LEET))) return readOdd(text.slice(from, to), made, lexicon)
    const hints = (hashes[hash & (HASHES - 1)] & EXACT) | (hashes[stem & (HASHES - 1)] & ~EXACT)
    if (hints === 0) return undefined
    const word = text.slice(from, to)
    return lookUp(lexicon, made === LATIN ? word.toLowerCase() : foldWord(word), hints)
  }

  private endWord(from: number, to: number, letters: number): void {
    if (letters >= LONG) this.found.long.push([from, to])
    if (letters > 1) this.endSingles(from)
    else if (this.singles++ === 0) this.singlesFrom = from
    this.place += 2
  }

  endSingles(end: number): void {
    if (this.singles >= SPACED) this.found.spaced.push([this.singlesFrom, end])
    this.singles = 0
  }

  private add({ key, mask }: Meaning, from: number, to: number): void {
    const { found, place, sentence, starts } = this
    const how = this.lexicon.coded.get(key)
    if (how) found.coded[how]++
    // What a host, a file or a function is called says nothing of the text, nor does talk about attacks in it.
    const before = this.text.charCodeAt(from - 1)
    const isCalled = this.text.charCodeAt(to) === CALL
    const isName = isCalled || ((before === 47 || before === 64) && !(mask & this.url))
    const said = isName ? 0 : before === STOP ? mask & ~this.meta : mask
    found.hits.push({ mask: said, key, place, from, to, sentence, starts })
  }

  /** Takes the word or the character there that is not ASCII; gives where it ends. */
  readOther(at: number): number {
    const kind = this.kindAt(at)
    if (isWord(kind)) return this.readWord(at)
    if (kind > GAP && kind < 128) this.punctuate(kind, at)
    return (this.text.charCodeAt(at) & 0xfc00) === 0xd800 ? at + 2 : at + 1
  }

  /** Takes a character of a script without gaps, or the known text that begins there; gives where it ends. */
  readRun(unit: number, at: number): number {
    const known = this.lexicon.runs.get(unit)?.find(([entry]) => this.text.startsWith(entry, at))
    const end = at + (known ? known[0].length : 1)
    this.endSingles(at)
    if (known) this.add(known[1], at, end)
    this.place += end - at
    this.starts &&= known !== undefined && this.lexicon.leads.has(known[0])
    return end
  }

  punctuate(kind: number, at: number): void {
    if (kind === MARK) this.found.marks = this.starts = true
    if (kind <= MARK) return
    const next = this.text.charCodeAt(at + 1)
    const isGlued = (kind === QUOTE || kind === CALL) && at > 0 && isWord(this.kindAt(at - 1))
    // A dot inside a name or a number ends nothing, nor does an apostrophe.
    if ((kind === STOP && next > 47 && next < 123) || (kind === QUOTE && isGlued && next > 64)) return
    this.starts = true
    // `print(text)`: a call, and no sentence goes on in it.
    if (!SOFT.includes(kind) || (kind === CALL && isGlued)) this.sentence++
  }
}

/** A character of two units: mathematical and other letters, or a tag, which nobody sees. */
function foldPair(text: string, at: number, found: Scan): number {
  const code = text.codePointAt(at) as number
  if (code >= 0xe0020 && code <= 0xe007e) {
    found.tagged ??= { text: '', span: [at, at] }
    // A character may be looked at twice.
    if (at >= found.tagged.span[1]) found.tagged.text += String.fromCharCode(code - 0xe0000)
    found.tagged.span[1] = Math.max(at + 2, found.tagged.span[1])
  }
  if (code >= 0xe0000) return INVISIBLE
  if (code < 0x1d400 || code > 0x1f189) return GAP
  const plain = String.fromCodePoint(code).normalize('NFKD').toLowerCase().charCodeAt(0)
  return plain < 128 ? plain : GAP
}

/** A word in several alphabets, with digits for letters, or in a script whose stems may be short. */
function readOdd(word: string, made: number, lexicon: Lexicon): Meaning | undefined {
  const folded = foldWord(word)
  const read = made & LATIN && made & ALPHABET ? readMixed(folded) : folded
  if (!(made & LEET)) return lookUp(lexicon, read)
  return read.length > 2 ? (lookUp(lexicon, readLeet(read, 'i')) ?? lookUp(lexicon, readLeet(read, 'l'))) : undefined
}

function foldWord(word: string): string {
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
