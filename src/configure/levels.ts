import { rejectUnknown } from '../core/options.ts'
import { LEVELS } from '../core/sites.ts'
import type { Entry, Level, Stage } from '../core/types.ts'

/** The general level and those of modules. */
export interface Levels {
  general: Level
  /** Without a level, the general one applies to these modules again. */
  set(modules: string, level?: Level): void
  /** The lowest of all, which has to be recorded. */
  lowest(): Level
  /** Passes on what its module's level lets pass. */
  readonly stage: Stage
}

interface Rule {
  readonly modules: string
  readonly pattern: RegExp
  readonly rank: number
}

const rankOf = (level: Level): number => LEVELS.indexOf(level)

/** Levels, and a name for what has no module. Throws for a level that is not known. */
export function createLevels(level: Level = 'debug', given: Readonly<Record<string, Level>> = {}, name = ''): Levels {
  let general = checked(level)
  let rules: Rule[] = []
  // By module; what is asked for each entry is asked of few modules.
  const ranks = new Map<string, number>()

  // Unless a module's level is lower, nothing below the general one is recorded but what `withLevel` asks for.
  const rankFor = (module: string): number =>
    rules.find(({ pattern }) => pattern.test(module))?.rank ?? (own.lowest() === general ? 0 : rankOf(general))

  function keeps({ module, level }: Entry): boolean {
    let rank = ranks.get(module)
    if (rank === undefined) {
      rank = rankFor(module)
      ranks.set(module, rank)
    }
    return rankOf(level) >= rank
  }

  const own: Levels = {
    get general() {
      return general
    },
    set general(level) {
      general = checked(level)
      ranks.clear()
    },
    set(modules, level) {
      if (level !== undefined) checked(level)
      rules = rules.filter((rule) => rule.modules !== modules)
      if (level !== undefined) rules.push({ modules, pattern: patternOf(modules), rank: rankOf(level) })
      // The longest one that fits says more than the others do.
      rules.sort((one, other) => other.modules.length - one.modules.length)
      ranks.clear()
    },
    lowest: () => LEVELS[Math.min(rankOf(general), ...rules.map(({ rank }) => rank))],
    stage: (next) => ({
      write(entries) {
        if (name) for (const entry of entries) entry.module ||= name
        return next.write(rules.length > 0 ? entries.filter(keeps) : entries)
      }
    })
  }
  for (const [modules, level] of Object.entries(given)) own.set(modules, level)
  return own
}

function checked(level: Level): Level {
  rejectUnknown('configure', 'level', [String(level)], LEVELS)
  return level
}

const patternOf = (modules: string): RegExp =>
  new RegExp(`^${modules.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`, 's')
