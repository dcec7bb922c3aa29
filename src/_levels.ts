import { rejectUnknown } from './core/options.ts'
import { LEVELS } from './core/sites.ts'
import type { Entry, Level, Sink } from './core/types.ts'

/** The general level and those of modules. */
export interface Levels {
  general: Level
  /** Without a level, the general one applies to these modules again. */
  set(modules: string, level?: Level): void
  /** The lowest of all, which has to be recorded. */
  lowest(): Level
  /** A sink that is given what its module's level lets pass. */
  before(sink: Sink): Sink
}

interface Rule {
  readonly modules: string
  readonly pattern: RegExp
  readonly rank: number
}

const rankOf = (level: Level): number => LEVELS.indexOf(level)

/** Throws for a level that is not known. */
export function createLevels(general: Level, given: Readonly<Record<string, Level>> = {}): Levels {
  let rules: Rule[] = []
  // By module; what is asked for each entry is asked of few modules.
  const ranks = new Map<string, number>()

  const rankFor = (module: string): number =>
    rules.find(({ pattern }) => pattern.test(module))?.rank ?? rankOf(own.general)

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
      general = level
      ranks.clear()
    },
    set(modules, level) {
      if (level !== undefined) rejectUnknown('configure', 'level', [String(level)], LEVELS)
      rules = rules.filter((rule) => rule.modules !== modules)
      if (level !== undefined) rules.push({ modules, pattern: patternOf(modules), rank: rankOf(level) })
      // The longest one that fits says more than the others do.
      rules.sort((one, other) => other.modules.length - one.modules.length)
      ranks.clear()
    },
    lowest: () => LEVELS[Math.min(rankOf(general), ...rules.map(({ rank }) => rank))],
    before: (sink) => ({
      write(entries) {
        const kept = rules.length > 0 ? entries.filter(keeps) : entries
        return kept.length > 0 ? sink.write(kept) : undefined
      },
      flush: () => sink.flush?.(),
      close: () => sink.close?.(),
      get flushSync() {
        return sink.flushSync && (() => sink.flushSync?.())
      }
    })
  }
  for (const [modules, level] of Object.entries(given)) own.set(modules, level)
  return own
}

const patternOf = (modules: string): RegExp =>
  new RegExp(`^${modules.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`, 's')
