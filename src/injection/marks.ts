import type { Evidence } from './evidence.ts'
import { bit, type InjectionCategory } from './rules.ts'
import type { Hit } from './scan.ts'

interface Mark {
  readonly category: InjectionCategory
  readonly weight: number
  /** With words that speak to a model near it. */
  readonly addressed: number
}

const MARKS: Record<string, Mark> = {
  token: { category: 'delimiter', weight: 0.5, addressed: 0.75 },
  tag: { category: 'delimiter', weight: 0.4, addressed: 0.6 },
  role: { category: 'delimiter', weight: 0.4, addressed: 0.6 },
  heading: { category: 'delimiter', weight: 0.45, addressed: 0.6 },
  end: { category: 'delimiter', weight: 0.4, addressed: 0.6 },
  turn: { category: 'delimiter', weight: 0.2, addressed: 0.4 },
  inside: { category: 'delimiter', weight: 0.5, addressed: 0.55 },
  answer: { category: 'delimiter', weight: 0.2, addressed: 0.4 },
  image: { category: 'exfiltration', weight: 0.7, addressed: 0.8 }
}
const NAMES = Object.keys(MARKS)
// Every part is bounded, so that no text makes this slow.
const PATTERN =
  '(?<token><\\|[a-z_]{2,20}\\|?>|\\[/?INST\\]|<</?SYS>>)|' +
  '(?<tag></?(?:system|instructions?|assistant|prompt|user_?input|im_start|im_end)>|\\[/?system\\])|' +
  '(?<role>["\']role["\'] {0,3}: {0,3}["\'](?:system|assistant|developer)["\'])|' +
  '(?<heading>#{2,6} {0,3}(?:system|instruction|assistant|new instructions?|response)(?: prompt| message)? {0,3}:)|' +
  '(?<end>[-=#*]{3,10} {0,3}(?:end|begin|start) (?:of )?(?:the )?(?:user |system )?(?:input|prompt|instructions|context|document|message|query|text)|' +
  '(?:end|begin)_of_(?:text|turn))|' +
  '(?<image>!\\[[^\\]\\n]{0,80}\\]\\(https?:[^)\\s?]{1,200}\\?[^)\\s]{0,100}(?:\\{|\\[|%7b|prompt|history|secret|conversation|password|data=)[^)\\s]{0,100}\\))'
const MOST = 50
const CLOSE = 160
let pattern: RegExp | undefined

/** What poses as the frame around the text: special tokens, tags, JSON roles, headings, other speakers' turns. */
export function readMarks(text: string, hits: readonly Hit[]): Evidence[] {
  pattern ??= new RegExp(PATTERN, 'gi')
  const found: Evidence[] = []
  for (const { 0: mark, index, groups = {} } of text.matchAll(pattern)) {
    const name = NAMES.find((key) => groups[key] !== undefined) as string
    found.push(evidence(name, index, index + mark.length, hits))
    if (found.length === MOST) break
  }
  return found
}

/** Lines that begin as another speaker's. */
export function readTurns(text: string, hits: readonly Hit[]): Evidence[] {
  const found: Evidence[] = []
  for (const { meaning, from, to } of hits) {
    if (text[to] !== ':' || (from > 0 && text[from - 1] !== '\n') || found.length === MOST) continue
    const { key } = meaning
    const name = SPEAKERS[key]
    if (!name) continue
    found.push(evidence(key === 'system' && from > 0 ? 'inside' : name, from, to, hits))
  }
  return found
}
const SPEAKERS: Record<string, 'turn' | 'answer'> = { system: 'turn', assistant: 'answer', human: 'turn' }

function evidence(name: string, from: number, to: number, hits: readonly Hit[]): Evidence {
  const { category, weight, addressed } = MARKS[name]
  const close = closeTo(from, hits)
  const speaks = close.mask & (bit('YOU') | bit('ORDER') | bit('FREE') | bit('RULE') | bit('SAY') | bit('NOW'))
  const full = speaks ? addressed : weight
  return {
    id: -1 - NAMES.indexOf(name),
    category,
    weight: close.mask & bit('META') ? full * 0.3 : full,
    place: close.place,
    span: [from, to]
  }
}

/** The words around a place in the text, found by halving. */
function closeTo(at: number, hits: readonly Hit[]): { mask: number; place: number } {
  let low = 0
  let high = hits.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (hits[middle].from < at - CLOSE) low = middle + 1
    else high = middle
  }
  let mask = 0
  const place = hits[low]?.place ?? hits[hits.length - 1]?.place ?? 0
  for (let i = low; i < hits.length && hits[i].from < at + CLOSE; i++) mask |= hits[i].mask
  return { mask, place }
}
