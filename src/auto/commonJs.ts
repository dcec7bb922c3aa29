import { endOfExpression, isGroup, isWord, readWritten } from './declarations.ts'
import { lex, type Token } from './lex.ts'
import { give, NOT_A_FUNCTION, type Scan } from './scan.ts'

/** What a CommonJS module gives away where it writes it. */
export interface Unnamed {
  /** Its name on `module.exports`, '' for `module.exports` itself. */
  name: string
  /** Where the statement ends. */
  end: number
}

/** Reads what a CommonJS module gives away; what has no name in the module is the result. */
export function readCommonJs(source: string, found: Scan): Unnamed[] {
  const unnamed: Unnamed[] = []
  const { tokens } = found.lexed
  for (let index = 0; index < tokens.length; index++) {
    const target = targetAt(source, tokens, index)
    if (target) readValue(source, found, target.name, tokens, target.next, unnamed)
    if (isWord(tokens[index], '__export') && isGroup(tokens[index + 1], '('))
      readGetters(source, found, tokens[index + 1])
  }
  // esbuild notes below what it gave away by getters: the same names again.
  const known = new Set<string>()
  for (const { name } of unnamed) known.add(name)
  found.exports = found.exports.filter(({ name }) => !known.has(name) && known.add(name))
  found.skipped = found.skipped.filter(({ name }) => !known.has(name) && known.add(name))
  return unnamed
}

/** `module.exports =`, `exports.name =` or `module.exports.name =` at this piece: the name and what is behind. */
function targetAt(source: string, tokens: readonly Token[], index: number): { name: string; next: number } | undefined {
  let at = index
  if (isWord(tokens[at], 'module') && tokens[at + 1]?.text === '.' && isWord(tokens[at + 2], '.exports')) at += 3
  else if (isWord(tokens[at], 'exports')) at++
  else return undefined
  let name = ''
  if (tokens[at]?.text === '.' && isWord(tokens[at + 1])) {
    name = tokens[at + 1].text.slice(1)
    at += 2
  } else if (isGroup(tokens[at], '[')) {
    name = source.slice(tokens[at].start + 1, tokens[at].end - 1).replace(/^(['"])(.*)\1$/s, '$2')
    at++
  } else if (at === index + 1) return undefined
  return tokens[at]?.text === '=' && name !== '__esModule' ? { name, next: at + 1 } : undefined
}

function readValue(
  source: string,
  found: Scan,
  name: string,
  tokens: readonly Token[],
  from: number,
  unnamed: Unnamed[]
): void {
  const value = tokens[from]
  if (!value) return
  // A chain, `exports.a = exports.b = …`: the next round reads the rest.
  const chained = targetAt(source, tokens, from)
  if (chained) return readValue(source, found, name, tokens, chained.next, unnamed)
  const end = endOfExpression(tokens, from)
  if (isWord(value) && end === from + 1) return give(found, name || 'module.exports', value.text)
  if (isGroup(value, '{') && end === from + 1 && name === '') return readObject(source, found, value, unnamed)
  const written = readWritten(tokens, from)
  if (written.kind !== 'other') unnamed.push({ name, end: written.end })
  else found.skipped.push({ name: name || 'module.exports', reason: NOT_A_FUNCTION })
}

/** The members of `module.exports = { … }`. */
function readObject(source: string, found: Scan, group: Token, unnamed: Unnamed[]): void {
  const pieces = lex(source, group.start + 1, group.end - 1)?.tokens ?? []
  for (let at = 0; at < pieces.length; at = endOfMember(pieces, at) + 1) {
    const end = endOfMember(pieces, at)
    const asynchronous = isWord(pieces[at], 'async') && isWord(pieces[at + 1]) ? 1 : 0
    const name = source.slice(pieces[at]?.start ?? 0, pieces[at]?.end ?? 0).replace(/^(['"])(.*)\1$/s, '$2')
    if (end === at + 1 && isWord(pieces[at])) give(found, name, name)
    else if (pieces[at + 1]?.text === ':') {
      const values: Unnamed[] = []
      readValue(source, found, name, pieces.slice(0, end), at + 2, values)
      unnamed.push(...values.map((value) => ({ ...value, end: group.end })))
    } else if (isGroup(pieces[at + 1 + asynchronous], '('))
      unnamed.push({ name: asynchronous ? pieces[at + 1].text : name, end: group.end })
  }
}

function endOfMember(pieces: readonly Token[], from: number): number {
  const comma = pieces.findIndex((piece, index) => index >= from && piece.text === ',' && piece.kind === 'sign')
  return comma < 0 ? pieces.length : comma
}

/** esbuild's `__export(all, { name: () => local })`. */
function readGetters(source: string, found: Scan, group: Token): void {
  const list = lex(source, group.start + 1, group.end - 1)?.tokens.find((piece) => isGroup(piece, '{'))
  const pieces = (list && lex(source, list.start + 1, list.end - 1)?.tokens) ?? []
  for (const [index, { text }] of pieces.entries()) {
    if (text === '=>' && isWord(pieces[index + 1]) && isWord(pieces[index - 3]))
      give(found, pieces[index - 3].text, pieces[index + 1].text)
  }
}
