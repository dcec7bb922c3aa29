import type { Entry } from '../core/types.ts'
import { pretty, treeDepths } from '../formats/pretty.ts'

/**
 * Entries as lines for a person: a caller stands above what it called.
 *
 * @example
 *     console.log(treeOf(getLogger().dump()).join('\n'))
 */
export function treeOf(entries: readonly Entry[]): string[] {
  const ordered = [...entries].sort((one, other) => one.sequence - other.sequence)
  const depths = treeDepths(ordered)
  return ordered.map((entry, index) => pretty(entry, { depth: depths[index] }))
}
