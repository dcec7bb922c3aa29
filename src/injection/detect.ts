import { derive } from './derive.ts'
import { type Evidence, joinPhrases, weigh } from './evidence.ts'
import { type Lexicon, theLexicon } from './lexicon.ts'
import { readMarks, readTurns } from './marks.ts'
import type { InjectionCategory } from './rules.ts'
import { scan } from './scan.ts'

export type { InjectionCategory } from './rules.ts'

/** A text that tries to steer a language model. */
export interface PromptInjection {
  /** From 0 to 1: how much speaks for it. Two hints of 0.5 make 0.75. */
  score: number
  category: InjectionCategory
  /** The strongest place: its first character and the one behind its last. Something encoded is meant as a whole. */
  span: [start: number, end: number]
}

export interface DetectOptions {
  /** A lower score counts as nothing found. From 0 to 1. @default 0.5 */
  threshold?: number
}

// Evidence that is further apart has nothing to do with each other. In places: two a word.
const TOGETHER = 100
const SURE = 0.99
// Characters that are decoded or respelled in all.
const DERIVED = 8192
// Delimiters that begin with characters that are too common to be asked for.
const HINTS = ['---', '===', '***', 'role']
// What somebody took pains to hide weighs more.
const HIDDEN = 0.6

/**
 * Says whether a text tries to steer a language model that reads it, how, and where; undefined when too little speaks for it.
 * It weighs words that come together (a verb, its object, whose it is) in some thirty languages, and reads through
 * look-alike and invisible characters, leetspeak, spaced and joined letters, base64, hex, ROT13 and reversed text, once.
 * The time grows with the length of the text only. It is a hint for logs and alarms, not a wall: other words pass.
 *
 * @example
 *     detectPromptInjection('Ignore all previous instructions') // { score: 0.9…, category: 'override', span: [0, 32] }
 */
export function detectPromptInjection(text: string, options: DetectOptions = {}): PromptInjection | undefined {
  const { threshold = 0.5 } = options
  const found = judge(text, theLexicon(), true)
  return found && found.score >= threshold ? found : undefined
}

function judge(text: string, lexicon: Lexicon, deep: boolean): PromptInjection | undefined {
  const scanned = scan(text, lexicon)
  const { hits } = scanned
  joinPhrases(text, hits)
  const evidence = weigh(hits)
  if (scanned.marks || HINTS.some((hint) => text.includes(hint))) evidence.push(...readMarks(text, hits))
  evidence.push(...readTurns(text, hits))
  let best = combine(evidence)
  if (!deep) return best
  for (const hidden of derive(text, scanned, lexicon, DERIVED)) {
    const found = judge(hidden.text, lexicon, false)
    const score = found ? Math.min(SURE, 1 - (1 - found.score) * HIDDEN) : 0
    if (found && found.score > 0.4 && score > (best?.score ?? 0)) best = { ...found, score, span: hidden.span }
  }
  return best
}

/** The place where most comes together. Each rule counts once there, with its greatest weight. */
function combine(evidence: Evidence[]): PromptInjection | undefined {
  evidence.sort((one, other) => one.place - other.place)
  let together: Evidence[] = []
  let best: Evidence[] = []
  let least = 1
  for (const one of evidence) {
    const same = together.find(({ id }) => id === one.id)
    together = together.filter((other) => other !== same && one.place - other.place <= TOGETHER)
    together.push(same && same.weight > one.weight ? { ...same, place: one.place } : one)
    const doubt = together.reduce((product, { weight }) => product * (1 - weight), 1)
    if (doubt >= least) continue
    least = doubt
    best = together
  }
  if (best.length === 0) return undefined
  const { category, span } = best.reduce((one, other) => (other.weight > one.weight ? other : one))
  return { score: Math.round(Math.min(SURE, 1 - least) * 1000) / 1000, category, span }
}
