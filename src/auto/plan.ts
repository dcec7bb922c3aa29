import type { Unnamed } from './commonJs.ts'
import type { Declaration } from './declarations.ts'
import { endsLine } from './place.ts'
import type { Skipped } from './report.ts'
import type { Export, Scan } from './scan.ts'
import { HANDLE } from './transform.ts'

/** What has to be written where. */
export interface Plan {
  /** Statements that come first. */
  head: string[]
  /** Whether something is put in where no statement can stand, so that the handle has to be there before. */
  early: boolean
  edits: { at: number; until: number; text: string }[]
  /** Statements that come last. */
  tail: string[]
  wrapped: string[]
  skipped: Skipped[]
}

/** The name of what is given away without one. No longer, or it would not fit in the place of `export default`. */
const DEFAULT = '__nfo_def'

export function planFor(source: string, found: Scan, unnamed: readonly Unnamed[]): Plan {
  const plan: Plan = { head: [], early: false, edits: [], tail: [], wrapped: [], skipped: [] }
  const seen = new Set<Declaration>()
  for (const given of found.exports) {
    if (seen.has(given.declaration)) continue
    seen.add(given.declaration)
    const reason = reasonToSkip(source, given)
    if (reason) plan.skipped.push({ name: given.name, reason })
    else {
      plan.wrapped.push(given.name)
      const isUnnamedClass = given.defaultAt !== undefined && given.declaration.kind === 'class'
      if (isUnnamedClass) insideClass(given.declaration, plan)
      else wrapOne(source, given, plan)
    }
  }
  for (const end of new Set(unnamed.map((one) => one.end))) {
    const names = unnamed.filter((one) => one.end === end).map(({ name }) => name)
    plan.wrapped.push(...names.map((name) => name || 'module.exports'))
    behind(source, end, `${HANDLE}.commonJs(module,${JSON.stringify([...new Set(names)])})`, plan)
  }
  return plan
}

/** Puts a statement behind another. More on that line would be moved: there the end of the module has to do. */
function behind(source: string, at: number, text: string, plan: Plan): void {
  if (endsLine(source, at)) plan.edits.push({ at, until: at, text: `;${text};` })
  else plan.tail.push(text)
}

function reasonToSkip(source: string, { name, declaration, defaultAt = -1 }: Export): string | undefined {
  const local = declaration.name
  if ((name === 'default' ? local : name).startsWith('_')) return 'begins with _'
  if (local && new RegExp(`\\bskip\\(\\s*${escaped(local)}\\s*\\)`).test(source)) return 'is marked with skip'
  if (defaultAt >= 0 && !DEFAULT_HEAD.test(source.slice(defaultAt))) return 'has a comment in its head'
  return undefined
}

const DEFAULT_HEAD = /^export\s+default\s*(?:(?=[(\w<$]))(?:(?:async\s+)?function(?![\w$])\s*\*?\s*(?=\())?/
const escaped = (name: string): string => name.replaceAll('$', '\\$')

function insideClass({ end }: Declaration, plan: Plan): void {
  plan.early = true
  plan.edits.push({ at: end - 1, until: end - 1, text: `;static{${HANDLE}.members(this,"default")}` })
}

function wrapOne(source: string, { declaration, defaultAt }: Export, plan: Plan): void {
  const { kind, end, constAt } = declaration
  const local = declaration.name || DEFAULT
  const call = (method: string): string =>
    `${HANDLE}.${method}(${local},${JSON.stringify(declaration.name || 'default')})`
  if (defaultAt !== undefined) nameDefault(source, defaultAt, plan)
  if (kind === 'class') behind(source, end, call('members'), plan)
  else if (isOldClass(source, local)) plan.tail.push(call('prototype'))
  else {
    const isNew = constAt >= 0 && plan.edits.every(({ at }) => at !== constAt)
    if (isNew) plan.edits.push({ at: constAt, until: constAt + 5, text: 'let  ' })
    const set = `${local}=${call(defaultAt === undefined ? 'wrap' : 'unnamed')}`
    if (kind === 'function') plan.head.push(set)
    else behind(source, end, set, plan)
  }
}

/** A function whose prototype is filled is a class as they were written before there were classes. */
const isOldClass = (source: string, local: string): boolean =>
  new RegExp(`(?<![\\w$.])${escaped(local)}\\.prototype\\b`).test(source)

/** Gives a name to what is given away without one, in as many characters as there were. */
function nameDefault(source: string, at: number, plan: Plan): void {
  const [head] = DEFAULT_HEAD.exec(source.slice(at)) as RegExpExecArray
  const keyword = /(?:async\s+)?function\s*\*?/.exec(head)?.[0].replace(/\s+/g, ' ')
  const text = keyword ? `${keyword.trim()} ${DEFAULT}` : `let ${DEFAULT}=`
  // Line breaks within it stay.
  plan.edits.push({ at, until: at + head.length, text: text + head.slice(text.length).replace(/\S/g, ' ') })
  plan.tail.push(`export{${DEFAULT} as default}`)
}
