import type { Stage } from '../core/types.ts'
import { before } from './_before.ts'
import { type Match, matcher, type Predicate } from './_match.ts'

/** Which entries pass: a function of the entry, or fields that it has to meet. */
export type FilterOptions = Match | Predicate

/**
 * Passes on only the entries that meet all of the fields, or for which the function gives true. Those for which it
 * throws pass: what cannot be judged is not lost. Throws for a field, level or pattern that cannot be meant.
 *
 * @example
 *     pipe(filter({ level: 'info', not: { function: 'health*' } }), consoleSink())
 */
export function filter(options: FilterOptions): Stage {
  const meets = matcher('filter', options)
  const passes: Predicate = (entry) => {
    try {
      return meets(entry)
    } catch {
      return true
    }
  }
  return (next) => before(next, (entries) => entries.filter(passes))
}
