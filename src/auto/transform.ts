import { readCommonJs } from './commonJs.ts'
import { placeForHead } from './place.ts'
import { type Plan, planFor } from './plan.ts'
import type { Skipped } from './report.ts'
import { giveAll, scan } from './scan.ts'

export interface TransformOptions {
  /** Where the functions live, as records name it. */
  module: string
  /** The expression that gives `instrument`. */
  instrument: string | ((format: 'module' | 'commonjs') => string)
  /** Put at the end of an ES module, such as the import of what `instrument` names. @default '' */
  tail?: string
  /** Whether what is skipped is handed to `instrument`, which may be in another thread than this. @default false */
  notes?: boolean
  /** @default found out by the text */
  format?: 'module' | 'commonjs'
}

export interface Transformed {
  code: string
  format: 'module' | 'commonjs'
  /** Names of what will be recorded. */
  wrapped: string[]
  skipped: Skipped[]
}

/** What the pieces that are put in go through. */
export const HANDLE = '__nfo_auto'

/**
 * Writes into a module that what it gives away is recorded. No line moves, and within a line nothing that was there
 * moves: pieces are put in where lines end, and what is replaced is as long as what replaces it. The names stay the
 * module's own, so that its calls to itself, cycles and live bindings go on as before. Undefined for a text that cannot
 * be read, or has been through here already.
 */
export function transform(source: string, options: TransformOptions): Transformed | undefined {
  const found = source.includes(HANDLE) ? undefined : scan(source)
  if (!found) return undefined
  const format = options.format ?? (found.isModule ? 'module' : 'commonjs')
  const unnamed = format === 'commonjs' ? readCommonJs(source, found) : []
  if (found.exports.length + found.skipped.length + unnamed.length === 0) giveAll(found)
  const plan = planFor(source, found, unnamed)
  const { wrapped } = plan
  const skipped = [...found.skipped, ...plan.skipped]
  if (wrapped.length === 0) return { code: source, format, wrapped, skipped }
  if (format === 'module' && options.tail) plan.tail.push(options.tail)
  const notes = options.notes ? skipped : []
  const { instrument } = options
  const expression = typeof instrument === 'string' ? instrument : instrument(format)
  const handle = `var ${HANDLE}=${expression}(${JSON.stringify(options.module)},${JSON.stringify(notes)})`
  const statements = [handle, ...plan.head].map((text) => `;${text}`).join('')
  const first = plan.head.length > 0 || plan.early ? placeForHead(source, found.lexed) : firstInsertion(plan)
  if (first === undefined) plan.tail.unshift(handle)
  const head = first === undefined ? [] : [{ at: first, until: first, text: `${statements};` }]
  return { code: rewrite(source, [...head, ...plan.edits], plan.tail), format, wrapped, skipped }
}

/** Where nothing has to come before everything else, it comes before what is put in first. */
function firstInsertion({ edits }: Plan): number | undefined {
  const places = edits.filter(({ at, until }) => at === until).map(({ at }) => at)
  return places.length > 0 ? Math.min(...places) : undefined
}

function rewrite(source: string, edits: Plan['edits'], tail: readonly string[]): string {
  let code = ''
  let from = 0
  for (const { at, until, text } of edits.toSorted((one, other) => one.at - other.at)) {
    code += source.slice(from, at) + text
    from = until
  }
  const end = tail.map((text) => `;${text}`).join('')
  return code + source.slice(from) + (end && `\n${end}`)
}
