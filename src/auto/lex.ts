/** A piece of source; a bracket with all that is in it is one piece. */
export interface Token {
  kind: 'word' | 'sign' | 'string' | 'template' | 'number' | 'regex' | 'group'
  /** The word or the sign; of a group its opening bracket; else ''. */
  text: string
  start: number
  end: number
  /** Whether a line begins between the piece before and this one. */
  newline: boolean
}

export interface Lexed {
  tokens: Token[]
  /** Where the last line before the first piece ends, outside of comments; -1 when there is no such place. */
  gap: number
}

interface Open {
  bracket: string
  start: number
  newline: boolean
  /** Whether what follows the closing bracket is a value's operator, not the beginning of a value. */
  isValue: boolean
}

/** What has to be followed by a value, so that a slash after it begins a regular expression. */
const BEFORE_VALUE = new Set(
  'return typeof instanceof in of new delete void throw case do else await yield default extends'.split(' ')
)
const SIGN = /=>|={1,3}|!={0,2}|\+\+|--|\.\.\.|[-+*%&|^<>?~]+(?:=(?!>))?|[\s\S]/y
const WORD =
  /(?:[\w$#\u0080-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff]|\\u)+/y
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[\w$]*/y
const STRING = /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/y
const COMMENT = /\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\//y
const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}', '`': '}' }

/**
 * Cuts JavaScript or TypeScript into the pieces of its outermost level. Undefined for what it cannot read, such as JSX
 * with a quote in its text.
 */
export function lex(source: string, from = 0, to: number = source.length): Lexed | undefined {
  const tokens: Token[] = []
  const stack: Open[] = []
  let last: Token | undefined
  let newline = false
  let gap = -1
  // A first line for the shell is a comment, too.
  let lineComment = source.startsWith('#!') && from === 0
  let at = lineComment ? source.search(/\n|$/) : from

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0]
  }
  const add = (kind: Token['kind'], text: string, start: number, end: number): void => {
    last = { kind, text, start, end, newline }
    if (stack.length === 0) tokens.push(last)
    newline = false
    at = end
  }
  /** From a backtick, or the brace that ends a `${}`, to the next `${` or the end. */
  const template = (start: number): boolean => {
    let end = at
    while (end < to && source[end] !== '`' && !source.startsWith('${', end)) end += source[end] === '\\' ? 2 : 1
    if (end >= to) return false
    if (source[end] === '`') {
      add('template', '', start, end + 1)
      return true
    }
    stack.push({ bracket: '`', start, newline, isValue: true })
    last = undefined
    at = end + 2
    return true
  }

  while (at < to) {
    const char = source[at]
    if (char === '\n' || char === '\r' || char === '\u2028' || char === '\u2029') {
      if (tokens.length === 0 && stack.length === 0 && !lineComment && source[at - 1] !== '\r') gap = at
      newline = true
      lineComment = false
      at++
    } else if (/\s/.test(char)) at++
    else if (char === '/' && (source[at + 1] === '/' || source[at + 1] === '*')) {
      const comment = match(COMMENT)
      if (comment === undefined) return undefined
      lineComment = comment[1] === '/'
      newline ||= !lineComment && /[\n\r\u2028\u2029]/.test(comment)
      at += comment.length
    } else if (char === '"' || char === "'") {
      const text = match(STRING)
      if (text === undefined) return undefined
      add('string', '', at, at + text.length)
    } else if (char === '`') {
      const start = at++
      if (!template(start)) return undefined
    } else if (char === '/') {
      const regex = endsValue(last) ? undefined : match(REGEX)
      if (regex !== undefined) add('regex', '', at, at + regex.length)
      else if (endsValue(last))
        add('sign', source[at + 1] === '=' ? '/=' : '/', at, at + (source[at + 1] === '=' ? 2 : 1))
      else return undefined
    } else if (char === '(' || char === '[' || char === '{') {
      stack.push({ bracket: char, start: at, newline, isValue: opensValue(char, last, stack, source) })
      newline = false
      last = undefined
      at++
    } else if (char === ')' || char === ']' || char === '}') {
      const open = stack.pop()
      if (!open || CLOSING[open.bracket] !== char) return undefined
      newline = open.newline
      if (open.bracket === '`') {
        at++
        if (!template(open.start)) return undefined
        continue
      }
      add('group', open.bracket, open.start, at + 1)
      if (!open.isValue) last = undefined
    } else {
      const word = match(WORD)
      if (word !== undefined)
        add(/^\d/.test(word) ? 'number' : 'word', last?.text === '.' ? `.${word}` : word, at, at + word.length)
      else sign(match(SIGN) as string)
    }
  }
  return stack.length === 0 ? { tokens, gap } : undefined

  function sign(text: string): void {
    // Behind a value, on its line: an increment, or TypeScript's mark for what is not null.
    const isPostfix = !newline && endsValue(last) && (text === '++' || text === '--' || text === '!')
    add('sign', text, at, at + text.length)
    if (isPostfix) last = { ...(last as Token), kind: 'group' }
  }
}

/** Whether a slash after it divides. */
export function endsValue(token: Token | undefined): boolean {
  if (!token || token.kind === 'sign') return false
  return token.kind !== 'word' || !BEFORE_VALUE.has(token.text)
}

/** Whether a bracket's content, with the bracket, is a value, not a statement's head or its block. */
function opensValue(char: string, before: Token | undefined, stack: Open[], source: string): boolean {
  if (char === '[') return true
  if (char === '(')
    return !(before?.kind === 'word' && /^(if|while|for|with)$/.test(before.text)) && !isForAwait(before, source)
  if (!before) return stack.at(-1)?.bracket === '(' || stack.at(-1)?.bracket === '[' || stack.at(-1)?.bracket === '`'
  if (before.kind === 'sign') return before.text !== ';' && before.text !== '=>'
  return before.kind === 'word' && BEFORE_VALUE.has(before.text) && before.text !== 'do' && before.text !== 'else'
}

const isForAwait = (before: Token | undefined, source: string): boolean =>
  before?.text === 'await' && /\bfor\s*$/.test(source.slice(Math.max(0, before.start - 20), before.start))
