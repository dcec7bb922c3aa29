import {
  beginsStatement,
  type Declaration,
  endOfExpression,
  isGroup,
  isWord,
  readDeclared,
  readVariables,
  readWritten
} from './declarations.ts'
import { type Lexed, lex, type Token } from './lex.ts'
import type { Skipped } from './report.ts'

/** A function or class that a module gives away. */
export interface Export {
  /** The name it is given away by. */
  name: string
  /** Its name is '' for what has none. */
  declaration: Declaration
  /** Where `export default` begins, for a function or class without a name. */
  defaultAt?: number
}

/** What a module declares and gives away. */
export interface Scan {
  isModule: boolean
  exports: Export[]
  skipped: Skipped[]
  declarations: Map<string, Declaration>
  /** Where lines can be put in before anything has run; see `placeForHead`. */
  lexed: Lexed
}

export const NOT_A_FUNCTION = 'is not written as a function or a class; wrap it where it is made'

/** Reads a module's outermost level. Undefined for what cannot be read. */
export function scan(source: string): Scan | undefined {
  const lexed = lex(source)
  if (!lexed) return undefined
  const { tokens } = lexed
  const found: Scan = { isModule: false, exports: [], skipped: [], declarations: declarationsOf(tokens), lexed }
  for (let index = 0; index < tokens.length; index++) {
    if (isWord(tokens[index], 'export') && !isMember(tokens, index)) {
      found.isModule = true
      readExport(source, found, index)
    } else if (isWord(tokens[index], 'import') && !isGroup(tokens[index + 1], '(')) found.isModule = true
    else if (isWord(tokens[index], 'await') && beginsStatement(tokens, index)) found.isModule = true
  }
  return found
}

/** A module that gives nothing away is a script: what stands at its outermost level is what there is to record. */
export function giveAll(found: Scan): void {
  for (const [name, { kind }] of found.declarations) if (kind !== 'other') give(found, name, name)
}

const isMember = (tokens: readonly Token[], index: number): boolean =>
  tokens[index + 1]?.text === ':' || tokens[index + 1]?.text === '='

function declarationsOf(tokens: readonly Token[]): Map<string, Declaration> {
  const found = new Map<string, Declaration>()
  for (let index = 0; index < tokens.length; index++) {
    for (const declaration of declaredAt(tokens, index)) if (declaration.name) found.set(declaration.name, declaration)
  }
  return found
}

function declaredAt(tokens: readonly Token[], index: number): Declaration[] {
  const { text } = tokens[index]
  const before = tokens[index - 1]
  if (tokens[index].kind !== 'word') return []
  if (text === 'function' || text === 'class') {
    const isAsync = isWord(before, 'async')
    const isHead =
      isWord(before, 'export') ||
      isWord(before, 'default') ||
      isWord(before, 'abstract') ||
      beginsStatement(tokens, index) ||
      (isAsync && (beginsStatement(tokens, index - 1) || /^(export|default)$/.test(tokens[index - 2]?.text ?? '')))
    const read = isHead && readDeclared(tokens, index)
    return read ? [read] : []
  }
  if (!/^(const|let|var)$/.test(text) || isWord(tokens[index + 1], 'enum')) return []
  return isWord(before, 'export') || beginsStatement(tokens, index) ? readVariables(tokens, index) : []
}

function readExport(source: string, found: Scan, index: number): void {
  const { tokens } = found.lexed
  const next = tokens[index + 1]
  if (isGroup(next, '{')) return readList(source, found, index + 1)
  if (isWord(next, 'default')) return readDefault(found, index)
  if (next?.kind !== 'word') return
  const at = /^(async|abstract)$/.test(next.text) ? index + 2 : index + 1
  if (/^(const|let|var)$/.test(next.text)) {
    for (const { name } of readVariables(tokens, at)) give(found, name, name)
  } else if (/^(function|class)$/.test(tokens[at]?.text ?? '')) {
    const read = readDeclared(tokens, at)
    if (read) give(found, read.name, read.name)
  }
}

/** `export { one, two as three }`, with or without `from`. */
function readList(source: string, found: Scan, index: number): void {
  const { tokens } = found.lexed
  const from = isWord(tokens[index + 1], 'from')
  const pieces = lex(source, tokens[index].start + 1, tokens[index].end - 1)?.tokens ?? []
  for (let at = 0; at < pieces.length; at = endOfExpression(pieces, at) + 1) {
    const end = endOfExpression(pieces, at)
    if (isWord(pieces[at], 'type') && end - at !== 1 && !isWord(pieces[at + 1], 'as')) continue
    const name = source.slice(pieces[end - 1].start, pieces[end - 1].end).replace(/^(['"])(.*)\1$/s, '$2')
    if (from) found.skipped.push({ name, reason: 'comes from another module; it is wrapped where it is written' })
    else give(found, name, pieces[at].text)
  }
}

function readDefault(found: Scan, index: number): void {
  const { tokens } = found.lexed
  let at = index + 2
  if (isWord(tokens[at], 'abstract') || (isWord(tokens[at], 'async') && isWord(tokens[at + 1], 'function'))) at++
  const defaultAt = tokens[index].start
  if (isWord(tokens[at], 'function') || isWord(tokens[at], 'class')) {
    const read = readDeclared(tokens, at)
    if (read?.name) give(found, 'default', read.name)
    else if (read) found.exports.push({ name: 'default', declaration: read, defaultAt })
    return
  }
  if (isWord(tokens[at], 'interface')) return
  const end = endOfExpression(tokens, at)
  if (isWord(tokens[at]) && end === at + 1) return give(found, 'default', tokens[at].text)
  const written = readWritten(tokens, at)
  if (written.kind !== 'function') found.skipped.push({ name: 'default', reason: NOT_A_FUNCTION })
  else
    found.exports.push({
      name: 'default',
      declaration: { ...written, kind: 'variable', name: '', constAt: -1 },
      defaultAt
    })
}

/** Notes that the module gives away what it calls `local`. */
export function give(found: Scan, name: string, local: string): void {
  const declaration = found.declarations.get(local)
  if (declaration && declaration.kind !== 'other') found.exports.push({ name, declaration })
  else found.skipped.push({ name, reason: NOT_A_FUNCTION })
}
