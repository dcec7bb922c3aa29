import { endsValue, type Token } from './lex.ts'

/** Something with a name at the outermost level of a module. */
export interface Declaration {
  name: string
  kind: 'function' | 'class' | 'variable' | 'other'
  /** Where `const` begins, if it is one. */
  constAt: number
  /** Where its text ends. */
  end: number
  /** Index of the piece behind it. */
  next: number
}

/** What a value is written as: only a function or a class that is written out is known to be nothing else. */
export interface Written {
  kind: 'function' | 'class' | 'other'
  end: number
  next: number
}

/** What stands before a brace of a type, not of a body. */
const BEFORE_TYPE = new Set([
  ':',
  '|',
  '&',
  '=>',
  '<',
  ',',
  '?',
  '=',
  'extends',
  'infer',
  'keyof',
  'readonly',
  'is',
  'asserts'
])
/** Words that carry an expression on over a line break. */
const INFIX = new Set(['in', 'instanceof'])

const isSign = (token: Token | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text
export const isWord = (token: Token | undefined, text?: string): boolean =>
  token?.kind === 'word' && (text === undefined || token.text === text)
export const isGroup = (token: Token | undefined, bracket: string): boolean =>
  token?.kind === 'group' && token.text === bracket

/** Whether a statement can begin with this piece. */
export function beginsStatement(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]
  if (!before || isSign(before, ';') || isGroup(before, '{')) return true
  return tokens[index].newline && endsValue(before) && !continues(tokens[index])
}

function continues({ kind, text }: Token): boolean {
  if (kind === 'sign') return !['++', '--', '@', '!', '~'].includes(text)
  return kind === 'template' || (kind === 'group' && text !== '{') || INFIX.has(text)
}

/** Index of the piece behind an expression: a comma, a semicolon, or the beginning of what comes next. */
export function endOfExpression(tokens: readonly Token[], from: number): number {
  let index = from
  while (index < tokens.length && !isSign(tokens[index], ';') && !isSign(tokens[index], ',')) {
    const token = tokens[index]
    if (index > from && token.newline && endsExpression(tokens[index - 1]) && !continues(token)) break
    index++
  }
  return index
}

const endsExpression = (token: Token): boolean => endsValue(token) || ['++', '--', '!'].includes(token.text)

/** Index of the braces of a function or a class, or -1 when it has none, as in an overload. */
function bodyOf(tokens: readonly Token[], from: number): number {
  for (let index = from; index < tokens.length; index++) {
    const [before, token] = [tokens[index - 1], tokens[index]]
    if (isGroup(token, '{') && !BEFORE_TYPE.has(before.text)) return index
    if (isSign(token, ';') || (token.newline && isWord(token) && endsValue(before))) return -1
  }
  return -1
}

/** Reads `function name` or `class Name` whose keyword stands at `index`, an `async` before it left aside. */
export function readDeclared(tokens: readonly Token[], index: number): Declaration | undefined {
  const kind = tokens[index].text as 'function' | 'class'
  let at = index + 1
  if (isSign(tokens[at], '*')) at++
  const named = isWord(tokens[at]) && !(kind === 'class' && /^(extends|implements)$/.test(tokens[at].text))
  const name = named ? tokens[at].text : ''
  const body = bodyOf(tokens, kind === 'class' && isGroup(tokens[at], '{') ? at : at + 1)
  if (body < 0) return undefined
  return { name, kind, constAt: -1, end: tokens[body].end, next: body + 1 }
}

/** Reads the names that `const`, `let` or `var` at `index` declares; those taken apart by a pattern are left out. */
export function readVariables(tokens: readonly Token[], index: number): Declaration[] {
  const found: Declaration[] = []
  const constAt = tokens[index].text === 'const' ? tokens[index].start : -1
  let next = index
  do {
    const at = next + 1
    const equals = isWord(tokens[at]) ? initialiser(tokens, at + 1) : -1
    const written = equals < 0 ? undefined : readWritten(tokens, equals + 1)
    next = written?.next ?? endOfExpression(tokens, at)
    if (!written || next <= at) continue
    const kind = written.kind === 'function' ? 'variable' : written.kind
    found.push({ name: tokens[at].text, kind, constAt, end: written.end, next })
  } while (isSign(tokens[next], ','))
  // Statements can only stand behind the last of them.
  for (const one of found) Object.assign(one, { end: tokens[next - 1].end, next })
  return found
}

/** Index of the `=` behind a name and its type, or -1. */
function initialiser(tokens: readonly Token[], from: number): number {
  if (isSign(tokens[from], '=')) return from
  if (!isSign(tokens[from], ':') && !isSign(tokens[from], '!')) return -1
  for (let index = from; index < tokens.length && !isSign(tokens[index], ';'); index++) {
    if (isSign(tokens[index], '=')) return index
  }
  return -1
}

/** Reads a value: whether it is a function or a class that is written out, and nothing is done with it. */
export function readWritten(tokens: readonly Token[], from: number): Written {
  const other = (): Written => {
    const next = endOfExpression(tokens, from)
    return { kind: 'other', end: tokens[next - 1]?.end ?? 0, next }
  }
  const asynchronous = isWord(tokens[from], 'async') && tokens[from + 1] && !tokens[from + 1].newline
  const at = from + (asynchronous && !isSign(tokens[from + 1], '=>') ? 1 : 0)
  const head = tokens[at]
  if (isWord(head, 'function') || isWord(head, 'class')) {
    const read = readDeclared(tokens, at)
    const behind = read && tokens[read.next]
    if (!read || (behind && !isSign(behind, ';') && !isSign(behind, ',') && !startsAnew(behind))) return other()
    return { ...read, kind: head.text as 'function' | 'class' }
  }
  const arrow = arrowOf(tokens, at)
  if (arrow < 0) return other()
  const next = isGroup(tokens[arrow + 1], '{') ? arrow + 2 : endOfExpression(tokens, arrow + 1)
  return { kind: 'function', end: tokens[next - 1].end, next }
}

const startsAnew = (token: Token): boolean => token.newline && !continues(token)

/** Index of the `=>` of an arrow function that begins at `from`, or -1. */
function arrowOf(tokens: readonly Token[], from: number): number {
  if (isWord(tokens[from])) return isSign(tokens[from + 1], '=>') ? from + 1 : -1
  let at = from
  if (tokens[at]?.kind === 'sign' && tokens[at].text.startsWith('<'))
    while (at < tokens.length && !isGroup(tokens[at], '(')) at++
  if (!isGroup(tokens[at], '(')) return -1
  if (isSign(tokens[at + 1], '=>')) return at + 1
  if (!isSign(tokens[at + 1], ':')) return -1
  // The type of its result may hold arrows of its own; the last one before the body's braces is it.
  for (let index = at + 2; index < tokens.length && !isSign(tokens[index], ';'); index++) {
    const behindBody = tokens[index + 2]
    if (isSign(tokens[index], '=>') && !/^(=>|\||&|\[)$/.test(behindBody?.text ?? '')) return index
  }
  return -1
}
