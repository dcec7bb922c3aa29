import { foldedUnits, foldUnit, GAP, INVISIBLE } from './fold.ts'
import { isRun, LAST, type Lexicon, lookUp, type Meaning, mix } from './lexicon.ts'
import { ALPHABET, CHANGED, foldWord, isOdd, LATIN, LEET, OTHER, readOdd } from './odd.ts'
import { bit } from './rules.ts'

/** A known word or phrase in a text. */
export interface Hit {
  mask: number
  readonly meaning: Meaning
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
const NEWLINE = 10
const COMMA = 44
const STOP = 46
const CALL = 40
const QUOTE = 39
const BACKSLASH = 92
const SPEECH = 34
const TICK = 96
const LONG = 18
const SPACED = 6
const LONGEST = 40

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
    if (kind === GAP) at += unit === BACKSLASH ? reader.escape(at) : 1
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
    let three = 0
    let four = 0
    let made = 0
    let at = from
    let to = from
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const kind = unit < 128 ? ascii[unit] : folded[unit] > 127 ? folded[unit] : this.kindAt(at)
      const isLetter = kind >= 97 || kind === DIGIT
      if ((!isLetter && kind !== INVISIBLE) || isRun(kind)) break
      const isPair = (unit & 0xfc00) === 0xd800
      if (isPair) at++
      if (isPair || !isLetter) made |= CHANGED
      if (!isLetter) continue
      made |= kind < 128 ? (kind === DIGIT ? LEET : LATIN) : kind < 0x590 ? ALPHABET : OTHER
      hash = mix(hash, kind)
      letters++
      if (letters === 3) three = hash
      else if (letters === 4) four = hash
      to = at + 1
    }
    const meaning = letters <= LONGEST ? this.meaningOf(from, to, made, hash, three, four) : undefined
    if (meaning) this.add(meaning, from, to)
    this.endWord(from, to, letters)
    this.starts &&= meaning?.leads === true
    return at
  }

  private meaningOf(
    from: number,
    to: number,
    made: number,
    hash: number,
    three: number,
    four: number
  ): Meaning | undefined {
    const { lexicon, text } = this
    if (isOdd(made)) return readOdd(text.slice(from, to), made, lexicon)
    const whole = lexicon.exact[hash & LAST]
    const long = lexicon.stems[four & LAST]
    const short = lexicon.stems[three & LAST]
    if (!whole && !long && !short) return undefined
    if (made & CHANGED) return lookUp(lexicon, foldWord(text.slice(from, to)))
    const length = to - from
    return this.find(whole, from, length, true) ?? this.find(long, from, length) ?? this.find(short, from, length)
  }

  /** The one of a list that the text has there. Compares in place: to cut the word out takes longer. */
  private find(list: Meaning[] | undefined, from: number, length: number, isWhole = false): Meaning | undefined {
    if (!list) return undefined
    for (const known of list) {
      const { word } = known
      if ((isWhole ? word.length === length : word.length <= length) && this.isAt(word, from)) return known
    }
    return undefined
  }

  private isAt(word: string, from: number): boolean {
    const { text, ascii, folded } = this
    for (let i = 0; i < word.length; i++) {
      const unit = text.charCodeAt(from + i)
      if ((unit < 128 ? ascii[unit] : folded[unit]) !== word.charCodeAt(i)) return false
    }
    return true
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

  private add(meaning: Meaning, from: number, to: number): void {
    const { found, place, sentence, starts } = this
    const { coded, mask } = meaning
    if (coded) found.coded[coded]++
    // What a host, a file or a function is called says nothing of the text, nor does talk about attacks in it.
    const before = this.text.charCodeAt(from - 1)
    const isCalled = this.text.charCodeAt(to) === CALL
    const isName = isCalled || ((before === 47 || before === 64) && !(mask & this.url))
    const said = isName ? 0 : before === STOP ? mask & ~this.meta : mask
    found.hits.push({ mask: said, meaning, place, from, to, sentence, starts })
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
    const known = this.lexicon.runs[unit & LAST]?.find(({ word }) => this.text.startsWith(word, at))
    const end = at + (known ? known.word.length : 1)
    if (this.singles > 0) this.endSingles(at)
    if (known) this.add(known, at, end)
    this.place += end - at
    this.starts &&= known?.leads === true
    return end
  }

  /** A line break as JSON writes it ends a sentence too; gives its length. */
  escape(at: number): number {
    const isBreak = this.text[at + 1] === 'n'
    if (isBreak) this.punctuate(NEWLINE, at)
    return isBreak ? 2 : 1
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
    const isSoft = kind === COMMA || kind === SPEECH || kind === QUOTE || kind === TICK || kind === CALL
    if (!isSoft || (kind === CALL && isGlued)) this.sentence++
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
