import { tee } from '../core/pipe.ts'
import type { Entry, Sink } from '../core/types.ts'
import { type Match, matcher, type Predicate } from './_match.ts'

/** Which entries go where. */
export interface RouteRule extends Match {
  to: Sink | readonly Sink[]
  /** Whether later rules, and `otherwise` when none of them is met, are asked too. @default false */
  continue?: boolean
}

interface Rule {
  meets: Predicate
  to: readonly Sink[]
  last: boolean
}

/**
 * A sink that hands each entry to the sinks of the first rule it meets, or to `otherwise`, which is `[]` for none. A
 * rule whose function throws is not met. Batches stay in order, a sink gets an entry once, and the failure of one sink
 * is thrown when all have had theirs. As with `tee`, the next batch waits for all of them, and it writes synchronously
 * when all do. Throws for a rule that cannot be meant, or without `otherwise`.
 *
 * @example
 *     route([{ level: 'error', to: jsonSink('errors.jsonl') }, { module: 'shop/*', to: shop }], consoleSink())
 */
export function route(rules: readonly RouteRule[], otherwise: Sink | readonly Sink[]): Sink {
  if (!Array.isArray(rules)) throw new TypeError(`[nfo] [route] the rules are ${rules}; pass a list`)
  const list = rules.map(readRule)
  const rest = sinksOf('otherwise', otherwise)
  const ends = tee(...new Set([...list.flatMap(({ to }) => to), ...rest]))
  return {
    ...ends,
    write(entries) {
      const parts = new Map<Sink, Entry[]>()
      for (const entry of entries) {
        for (const sink of new Set(targets(list, rest, entry))) {
          const part = parts.get(sink)
          if (part) part.push(entry)
          else parts.set(sink, [entry])
        }
      }
      return tee(...Array.from(parts, ([sink, part]) => ({ write: () => sink.write(part) }))).write(entries)
    }
  }
}

function targets(rules: readonly Rule[], rest: readonly Sink[], entry: Entry): readonly Sink[] {
  const found: Sink[] = []
  for (const rule of rules) {
    if (!meets(rule, entry)) continue
    found.push(...rule.to)
    if (rule.last) return found
  }
  return found.length > 0 ? found : rest
}

function meets(rule: Rule, entry: Entry): boolean {
  try {
    return rule.meets(entry)
  } catch {
    return false
  }
}

function readRule({ to, continue: goesOn = false, ...match }: RouteRule, index: number): Rule {
  return { meets: matcher('route', match), to: sinksOf(`the rule ${index + 1}`, to), last: !goesOn }
}

function sinksOf(name: string, given: Sink | readonly Sink[]): readonly Sink[] {
  const sinks = Array.isArray(given) ? given : [given]
  if (sinks.every((sink) => typeof sink?.write === 'function')) return sinks
  throw new TypeError(`[nfo] [route] ${name} has no sink to go to; pass one, several, or [] to let go of the entries`)
}
