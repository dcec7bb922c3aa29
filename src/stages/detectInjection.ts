import { rejectUnknown } from '../core/options.ts'
import { LEVELS } from '../core/sites.ts'
import type { Entry, Level, Stage } from '../core/types.ts'
import { detectPromptInjection, type PromptInjection } from '../injection/detect.ts'
import { before } from './_before.ts'
import { checkNames, checkNumber } from './_options.ts'

export interface DetectInjectionOptions {
  /** The least score that is marked, from 0 to 1. @default 0.5 */
  threshold?: number
  /** The level that a marked entry is raised to; a more severe one stays. @default it is left as it is */
  level?: Level
  /** Characters of each text that are looked at. @default 8192 */
  characters?: number
  /** Texts of each entry that are looked at. @default 32 */
  texts?: number
}

/** What `extra.promptInjection` holds, one for each argument that something was found in. */
export interface MarkedArgument extends PromptInjection {
  /** Which argument, from 0. The span is one of the text in it that the score is for. */
  argument: number
}

// Texts inside an argument are looked at as deep as that.
const DEEPEST = 4

/**
 * Marks entries whose arguments try to steer a language model: `extra.promptInjection` tells which argument, how sure, how, and
 * where in it. Looks at texts and at texts in arrays and plain objects; changes no argument. Throws for wrong options.
 *
 * @example
 *     pipe(detectInjection({ level: 'warn' }), jsonSink('app.jsonl'))
 */
export function detectInjection(options: DetectInjectionOptions = {}): Stage {
  checkNames('detectInjection', options, ['threshold', 'level', 'characters', 'texts'])
  const { threshold = 0.5, level, characters = 8192, texts = 32 } = options
  checkNumber('detectInjection', 'threshold', threshold, 0, 1)
  checkNumber('detectInjection', 'characters', characters, 1)
  checkNumber('detectInjection', 'texts', texts, 1)
  if (level !== undefined) rejectUnknown('detectInjection', 'level', [level], LEVELS)

  function look(entry: Entry): Entry {
    let left = texts
    const found: MarkedArgument[] = []
    for (let argument = 0; argument < entry.args.length && left > 0; argument++) {
      let worst: PromptInjection | undefined
      left -= eachText(entry.args[argument], left, (text) => {
        const one = detectPromptInjection(text.slice(0, characters), { threshold })
        if (one && one.score > (worst?.score ?? 0)) worst = one
      })
      if (worst) found.push({ argument, ...(worst as PromptInjection) })
    }
    if (found.length === 0) return entry
    return { ...entry, level: raised(entry.level, level), extra: { ...entry.extra, promptInjection: found } }
  }

  return (next) => before(next, (entries) => entries.map(look))
}

const raised = (level: Level, least: Level = level): Level =>
  LEVELS.indexOf(level) < LEVELS.indexOf(least) ? least : level

/** Calls `act` for the texts in a value, no more than `most` of them; gives how many there were. */
function eachText(value: unknown, most: number, act: (text: string) => void, depth = 0): number {
  if (most <= 0 || depth > DEEPEST) return 0
  if (typeof value === 'string') {
    act(value)
    return 1
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return 0
  let count = 0
  for (const item of Object.values(value)) count += eachText(item, most - count, act, depth + 1)
  return count
}
