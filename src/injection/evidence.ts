import { headOf, type Meaning, NAME, type Phrase } from './lexicon.ts'
import { allRules, bit, type InjectionCategory, type Rule } from './rules.ts'
import type { Hit, Span } from './scan.ts'

/** Something that speaks for an injection. */
export interface Evidence {
  /** What it is; the same thing is counted once. */
  readonly id: number
  readonly category: InjectionCategory
  readonly weight: number
  readonly place: number
  readonly span: Span
}

const CAPITAL = /^ ['"]?\p{Lu}/u
// In places: two a word.
const BESIDE = 26
const NEAR = 70
// What is said about such texts is rarely such a text.
const REPORTED = 0.2
const EXPLAINED = 0.7

/** Adds to the first word of each phrase what the phrase means. */
export function joinPhrases(text: string, hits: readonly Hit[]): void {
  for (let i = 0; i + 1 < hits.length; i++) {
    if (!isNext(hits[i], hits[i + 1])) continue
    let meaning: Meaning | undefined = hits[i].meaning
    for (; meaning; meaning = meaning.wider) joinFrom(text, hits, i, meaning)
  }
}

function joinFrom(text: string, hits: readonly Hit[], at: number, { phrases }: Meaning): void {
  const { key } = hits[at + 1].meaning
  for (const { rest, mask } of phrases?.get(headOf(key)) ?? []) {
    const last = isKey(key, rest[0]) ? lastOf(text, hits, at, rest) : undefined
    if (!last) continue
    hits[at].mask |= mask
    hits[at].to = Math.max(hits[at].to, last.to)
  }
}

/** The last of the words that follow, if they are all there. */
function lastOf(text: string, hits: readonly Hit[], from: number, rest: Phrase['rest']): Hit | undefined {
  for (let i = 1; i < rest.length; i++) {
    const before = hits[from + i]
    const hit = hits[from + i + 1]
    const isThere = hit !== undefined && isNext(before, hit)
    if (rest[i][0] === NAME) return !isThere && CAPITAL.test(text.slice(before.to, before.to + 3)) ? before : undefined
    if (!isThere || !isKey(hit.meaning.key, rest[i])) return undefined
  }
  return hits[from + rest.length]
}

const isNext = (one: Hit, other: Hit): boolean => other.place === one.place + 2 && other.sentence === one.sentence

/** A stem in a phrase also stands for the words that are known by themselves. */
const isKey = (key: string, wanted: readonly string[]): boolean =>
  wanted.some((one) => key === one || (one.endsWith('*') && key.startsWith(one.slice(0, -1))))

/** What the rules say of a text's words. */
export function weigh(hits: readonly Hit[]): Evidence[] {
  const found: Evidence[] = []
  const rules = possible(hits)
  if (rules.length === 0) return found
  let anchors = 0
  for (const { anchor } of rules) anchors |= anchor
  for (let i = 0; i < hits.length; i++) {
    if ((hits[i].mask & anchors) === 0) continue
    const around = lookAround(hits, i)
    const mask = hits[i].mask & ~unordered(hits, i, around.sentence)
    for (const rule of rules) {
      if ((rule.anchor & mask) !== 0 && holds(rule, hits[i], around)) found.push(evidenceOf(rule, hits, i, around))
    }
  }
  return found
}

/** The rules whose words are all in the text; in most texts those are few. */
function possible(hits: readonly Hit[]): Rule[] {
  let all = 0
  for (const { mask } of hits) all |= mask
  const isThere = (mask: number): boolean => (mask & all) !== 0
  return allRules().filter(
    ({ anchor, inSentence, near }) => isThere(anchor) && inSentence.every(isThere) && near.every(isThere)
  )
}

function evidenceOf(rule: Rule, hits: readonly Hit[], at: number, { before, sentence }: Around): Evidence {
  const META = bit('META')
  const trust = before & META ? REPORTED : sentence & META ? EXPLAINED : 1
  const { id, category, weight } = rule
  return { id, category, weight: weight * trust, place: hits[at].place, span: spanOf(rule, hits, at) }
}

interface Around {
  /** Classes of the words before it in its sentence, of all beside it there, and of those near it in any sentence. */
  before: number
  sentence: number
  near: number
}

function lookAround(hits: readonly Hit[], at: number): Around {
  const { place, sentence: own } = hits[at]
  let before = 0
  let sentence = 0
  let near = 0
  for (let i = at - 1; i >= 0 && place - hits[i].place <= BESIDE; i--) {
    near |= hits[i].mask
    if (hits[i].sentence === own) before |= hits[i].mask
  }
  for (let i = at + 1; i < hits.length && hits[i].place - place <= NEAR; i++) {
    near |= hits[i].mask
    if (hits[i].sentence === own && hits[i].place - place <= BESIDE) sentence |= hits[i].mask
  }
  return { before, sentence: sentence | before, near }
}

/** The classes of verbs that the word before makes something else than an order: "we ignore", "do not ignore". */
function unordered(hits: readonly Hit[], at: number, sentence: number): number {
  const before = at > 0 && hits[at].place - hits[at - 1].place === 2 ? hits[at - 1] : undefined
  if (!before || before.sentence !== hits[at].sentence) return 0
  if (before.mask & bit('NOT')) return bit('DROP') | bit('SAY') | bit('SEND')
  if (!(before.mask & bit('SUBJECT')) || sentence & bit('WANT')) return 0
  return bit('DROP') | bit('SAY') | bit('SEND') | bit('RUN') | bit('ROLE')
}

function holds(rule: Rule, hit: Hit, { sentence, near }: Around): boolean {
  if (rule.atStart && !hit.starts) return false
  const own = hit.mask & ~rule.anchor
  return (
    rule.inSentence.every((mask) => (mask & (sentence | own)) !== 0) &&
    rule.near.every((mask) => (mask & (near | own)) !== 0)
  )
}

/** From the first to the last word that the rule asked for. */
function spanOf({ inSentence }: Rule, hits: readonly Hit[], at: number): Span {
  let wanted = 0
  for (const mask of inSentence) wanted |= mask
  const { place, sentence } = hits[at]
  const span: Span = [hits[at].from, hits[at].to]
  for (let i = at - 1; i >= 0 && hits[i].sentence === sentence && place - hits[i].place <= BESIDE; i--) {
    if (hits[i].mask & wanted) span[0] = hits[i].from
  }
  for (let i = at + 1; i < hits.length && hits[i].sentence === sentence && hits[i].place - place <= BESIDE; i++) {
    if (hits[i].mask & wanted) span[1] = Math.max(span[1], hits[i].to)
  }
  return span
}
