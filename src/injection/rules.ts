import { WORDS, type WordClass } from './words.ts'

/**
 * - `override`: drop what the model was told before
 * - `roleplay`: be somebody else, or without limits
 * - `leak`: put out what the model was told
 * - `delimiter`: text that poses as the system's or another speaker's turn
 * - `exfiltration`: send data elsewhere
 * - `tool`: misuse a tool, or act behind the user's back
 */
export type InjectionCategory = 'override' | 'roleplay' | 'leak' | 'delimiter' | 'exfiltration' | 'tool'

/**
 * One rule a line: category, weight in percent, then classes that have to come together in one sentence, the first of
 * them being the word that is looked at. `A|B` is one of them, `~A` may also be in the sentences near it, `^A` has to
 * begin its sentence or clause. Weights are added up as chances are: two of 50 are 75.
 */
const RULES = `
override 90 DROP ORDER PRIOR|ALL|EVERYTHING|YOU|NEWTASK|HIDDEN
override 45 DROP ORDER
override 50 DROP RULE YOU
override 35 DROP RULE PRIOR|ALL
override 40 DROP RULE ~AI
override 20 DROP RULE
override 38 ^DROP RULE|TEXT
override 25 ^DROP TEXT ~SAY
override 52 ^DROP EVERYTHING
override 25 DROP EVERYTHING
override 35 DROP EVERYTHING ~NOW|NEWTASK|SAY|FROMNOW|FREE
override 30 DROP EVERYTHING PRIOR
override 58 DROP GIVEN ALL|PRIOR|EVERYTHING
override 40 DROP GIVEN
override 20 DROP GIVEN ~SAY
override 30 DROP PRIOR
override 40 DROP PRIOR ~NEWTASK|HIDDEN|ROLE|YOUARE
override 25 DROP PRIOR ~SAY
override 35 DROP ~NEWTASK
override 45 DROP HIDDEN
override 35 NOT FOLLOW ORDER|RULE
override 40 NOT FOLLOW ORDER|RULE YOU
override 35 VOID ORDER|RULE
override 40 VOID ORDER|RULE ~SAY|YOU|NOW|NEWTASK
override 50 VOID TEXT PRIOR
override 35 NEWTASK
override 35 NEWTASK YOU
override 30 NEWTASK ~SAY
override 45 ^TURN ~NEWTASK
override 25 TURN NEWTASK
override 30 ^TURN ~NOW ~SAY
override 40 ^TURN ~DROP
override 25 ^NOW SAY
roleplay 55 ROLE WANT
roleplay 46 ^ROLE
roleplay 35 ROLE AI|FREE|KEEP|FROMNOW
roleplay 30 ROLE YOU
roleplay 30 ROLE NOW
roleplay 35 ROLE SAY
roleplay 25 ROLE ~SAY|RUN
roleplay 35 YOUARE
roleplay 40 YOUARE NOW|FROMNOW
roleplay 30 YOUARE ~SAY
roleplay 30 YOUARE AI
roleplay 30 YOUARE ~WANT
roleplay 35 FROMNOW SAY
roleplay 40 FROMNOW YOU
roleplay 35 FROMNOW YOU|YOUARE ~AI|FREE|SAY|ROLE|NOT|KEEP|FOLLOW|ORDER
roleplay 30 FREE
roleplay 40 FREE ~FREE
roleplay 40 FREE AI|YOU|ROLE|YOUARE
roleplay 50 KEEP
leak 52 SAY HIDDEN
leak 45 HIDDEN YOU
leak 45 SAY YOU ORDER
leak 45 SAY ORDER TEXT|ALL|EVERYTHING|GIVEN
leak 40 SAY ORDER|RULE GIVEN YOU
leak 35 ORDER YOU GIVEN
leak 50 SAY TEXT PRIOR
leak 40 SAY EVERYTHING PRIOR
leak 40 SAY TEXT ALL
exfiltration 45 SEND SECRET URL
exfiltration 30 SEND SECRET
exfiltration 30 SEND URL YOU|ALL
exfiltration 40 SEND HIDE
tool 30 HIDE
tool 40 RUN HIDE
tool 40 RUN HARM ~HIDE|AI
tool 40 HARM HIDE
tool 50 ^AI ~RUN ~HARM
tool 30 AI RUN HARM
`

export interface Rule {
  readonly id: number
  readonly category: InjectionCategory
  readonly weight: number
  readonly anchor: number
  readonly atStart: boolean
  /** Each of them has to share a bit with the sentence. */
  readonly inSentence: readonly number[]
  /** Each of them has to share a bit with what is near. */
  readonly near: readonly number[]
}

const BITS = Object.fromEntries(Object.keys(WORDS).map((name, index) => [name, 1 << index])) as Record<
  WordClass,
  number
>

/** The bit of a class of words. */
export const bit = (name: WordClass): number => BITS[name]

const bits = (names: string): number => names.split('|').reduce((mask, name) => mask | bit(name as WordClass), 0)

function parseRule(line: string, id: number): Rule {
  const [category, percent, first, ...terms] = line.split(' ')
  const near = terms.filter((term) => term.startsWith('~'))
  return {
    id,
    category: category as InjectionCategory,
    weight: Number(percent) / 100,
    anchor: bits(first.replace('^', '')),
    atStart: first.startsWith('^'),
    inSentence: terms.filter((term) => !near.includes(term)).map(bits),
    near: near.map((term) => bits(term.slice(1)))
  }
}

let rules: Rule[] | undefined

/** The rules, read once. */
export function allRules(): readonly Rule[] {
  rules ??= RULES.trim().split('\n').map(parseRule)
  return rules
}
