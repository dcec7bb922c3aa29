import { endOfExpression, isGroup, isWord, readDeclared, readVariables, readWritten } from './declarations.ts'
import type { Lexed, Token } from './lex.ts'

/** Whether nothing but a comment is left on the line. */
export function endsLine(source: string, at: number): boolean {
  const rest = /^[^\n\r\u2028\u2029]*/.exec(source.slice(at, at + 500)) as RegExpExecArray
  return /^[\s;]*(\/\/.*|\/\*((?!\*\/).)*\*\/\s*)?$/.test(rest[0])
}

/**
 * Where statements that have to come first can stand without moving anything: where the first line ends that runs
 * nothing, or on an empty line in front. Without both, on the line of the first statement, which then moves to the right.
 */
export function placeForHead(source: string, { tokens, gap }: Lexed): number {
  let index = 0
  let least = tokens[0]?.start ?? source.length
  while (tokens[index]?.kind === 'string') {
    index = behindSemicolon(tokens, index + 1)
    least = tokens[index - 1].end
  }
  if (index > 0 && endsLine(source, least)) return least
  if (index === 0 && gap >= 0) return gap
  for (let next = endOfQuiet(tokens, index); next > index; next = endOfQuiet(tokens, index)) {
    index = next
    // In front of a semicolon, where pieces that need the handle may follow.
    const { end } = tokens[tokens[index - 1].text === ';' ? index - 2 : index - 1]
    if (endsLine(source, end)) return end
  }
  return least
}

const behindSemicolon = (tokens: readonly Token[], index: number): number =>
  tokens[index]?.text === ';' ? index + 1 : index

/** Index of the piece behind a statement that runs nothing, or `index` when it may run something. */
function endOfQuiet(tokens: readonly Token[], index: number): number {
  const given = isWord(tokens[index], 'export') ? index + 1 : index
  const head = tokens[given]
  if (isWord(head, 'import') || (given > index && (head?.text === '*' || isGroup(head, '{'))))
    return endOfImport(tokens, given)
  const isDefault = isWord(head, 'default')
  const written = isDefault ? readWritten(tokens, given + 1) : undefined
  if (written?.kind === 'function') return behindSemicolon(tokens, written.next)
  const at = isWord(head, 'async') ? given + 1 : given
  if (isWord(tokens[at], 'function') || isWord(tokens[at], 'interface')) return readDeclared(tokens, at)?.next ?? index
  if (/^(const|let|var)$/.test(tokens[at]?.text ?? '')) {
    const [last] = readVariables(tokens, at).slice(-1)
    const next = last?.next ?? endOfExpression(tokens, at)
    const calls = tokens.slice(at, next).some((token) => isGroup(token, '(') || token.kind === 'template')
    const requires = tokens.slice(at, next).some((token) => isWord(token, 'require'))
    const isFunction = last?.kind === 'variable' && readVariables(tokens, at).length === 1
    return !calls || requires || isFunction ? behindSemicolon(tokens, next) : index
  }
  return isWord(tokens[at], 'type') && isWord(tokens[at + 1])
    ? behindSemicolon(tokens, endOfExpression(tokens, at))
    : index
}

function endOfImport(tokens: readonly Token[], index: number): number {
  const next = tokens[index + 1]
  if (isWord(tokens[index], 'import') && (isGroup(next, '(') || next?.text === '.')) return index
  if (isGroup(tokens[index], '{') && !isWord(next, 'from')) return behindSemicolon(tokens, index + 1)
  const name = tokens.findIndex((token, at) => at >= index && token.kind === 'string')
  if (name < 0) return index
  const attributes = /^(with|assert)$/.test(tokens[name + 1]?.text ?? '') && isGroup(tokens[name + 2], '{')
  return behindSemicolon(tokens, name + (attributes ? 3 : 1))
}
