import { rejectUnknown } from '../core/options.ts'
import { LEVELS } from '../core/sites.ts'
import type { Entry, Level } from '../core/types.ts'
import { checkNumber } from './_options.ts'

/** Says yes or no to an entry, at once. */
export type Predicate = (entry: Entry) => boolean

/** Text with `*` for any characters and `?` for one, or several of which one has to fit. Case matters. */
export type Glob = string | readonly string[]

/** Which entries. Each field that is given has to be met; none is met by all. */
export interface Match {
  /** This level and above. */
  level?: Level
  kind?: Entry['kind']
  /** Name of the function. */
  function?: Glob
  module?: Glob
  /** `''` for entries that have none; so is `version`. */
  environment?: Glob
  version?: Glob
  /** Milliseconds. What has no duration is not met. */
  minDuration?: number
  when?: Predicate
  /** What must not be met. */
  not?: Match | Predicate
}

const FIELDS = ['level', 'kind', 'function', 'module', 'environment', 'version', 'minDuration', 'when', 'not']

/** Reads the conditions once; throws for what cannot be meant. The result throws when the user's own function does. */
export function matcher(part: string, match: Match | Predicate): Predicate {
  if (typeof match === 'function') return match
  if (typeof match !== 'object' || match === null) {
    throw new TypeError(
      `[nfo] [${part}] cannot match by ${match}; pass a function, or fields such as { level: 'warn' }`
    )
  }
  rejectUnknown(part, 'field', Object.keys(match), FIELDS)
  const all = conditions(part, match)
  return (entry) => all.every((meets) => meets(entry))
}

function conditions(part: string, match: Match): Predicate[] {
  const { level, kind, function: name, module, environment, version, minDuration, when, not } = match
  const all: Predicate[] = []
  if (level !== undefined) all.push(levelFrom(part, level))
  if (kind !== undefined) {
    rejectUnknown(part, 'kind', [kind], ['call', 'message'])
    all.push((entry) => entry.kind === kind)
  }
  if (name !== undefined) all.push(glob(part, 'function', name, (entry) => entry.functionName))
  if (module !== undefined) all.push(glob(part, 'module', module, (entry) => entry.module))
  if (environment !== undefined) all.push(glob(part, 'environment', environment, (entry) => entry.environment))
  if (version !== undefined) all.push(glob(part, 'version', version, (entry) => entry.version))
  if (minDuration !== undefined) all.push(slowerThan(part, minDuration))
  if (when !== undefined) all.push(predicate(part, when))
  if (not !== undefined) {
    const meets = matcher(part, not)
    all.push((entry) => !meets(entry))
  }
  return all
}

/** Whether an entry has that level or one above. */
export function levelFrom(part: string, level: Level): Predicate {
  rejectUnknown(part, 'level', [String(level)], LEVELS)
  const rank = LEVELS.indexOf(level)
  return (entry) => LEVELS.indexOf(entry.level) >= rank
}

function slowerThan(part: string, least: number): Predicate {
  checkNumber(part, 'minDuration', least, 0)
  return ({ durationMs }) => durationMs !== undefined && durationMs >= least
}

function predicate(part: string, when: Predicate): Predicate {
  if (typeof when !== 'function') throw new TypeError(`[nfo] [${part}] when is ${when}; pass a function of the entry`)
  return when
}

function glob(part: string, field: string, given: Glob, read: (entry: Entry) => string | undefined): Predicate {
  const globs = Array.isArray(given) ? given : [given]
  if (!globs.every((text) => typeof text === 'string')) {
    throw new TypeError(`[nfo] [${part}] ${field} is ${given}; use text such as 'get*', or a list of such texts`)
  }
  const regexp = new RegExp(`^(?:${globs.map(sourceOf).join('|')})$`, 'su')
  return (entry) => regexp.test(read(entry) ?? '')
}

const sourceOf = (text: string): string =>
  text
    .replace(/[.+^${}()|[\]\\/]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
