/** What stands where a secret was. */
export const REDACTED = '[REDACTED]'

const WORDS =
  'pass(?:word|wd|phrase|code)?s?|pwd|secrets?|token|jwt|bearer|credentials?|cookies?|authorization|auth|otp|pin|cvv|cvc|ssn|' +
  'iban|(?:api|access|private|secret|signing|encryption)_?keys?|session_?id|card_?number|signature|dsn|' +
  '(?:access|refresh|auth|api|session|bearer)_?tokens'
let names: RegExp | undefined
let keys: RegExp | undefined
let values: RegExp | undefined

/** Snake case, so that the words of camelCase, kebab-case and header names are told apart. */
const words = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase()

/**
 * Whether a parameter, property or header of that name is left out. Whole words count: `dbPassword`, `x-api-key` and
 * `AUTH_TOKEN` are secrets, `author`, `passenger` and `tokenize` are not. `more` adds whole names, in any spelling.
 */
export function isSecretName(name: string, more?: ReadonlySet<string>): boolean {
  if (name.length > 64) return false
  names ??= new RegExp(`(?:^|_)(?:${WORDS})\\d*(?:_|$)`)
  const snake = words(name)
  return names.test(snake) || more?.has(snake) === true
}

/** The set that `isSecretName` takes. */
export const secretNames = (more: readonly string[]): ReadonlySet<string> => new Set(more.map(words))

/** Leaves out what `name=value` and `"name": "value"` in a text say of secret names: query strings, messages, JSON. */
export function redactPairs(text: string, more?: ReadonlySet<string>): string {
  keys ??= /(?<![\w-])([\w-]{2,64})\\*["']?\s*[=:]\s*/g
  values ??= /\\+"[^"]*"?|"(?:[^"\\]|\\.)*"?|'[^']*'?|[[{][^\]}]*[\]}]?|(?:(?:bearer|basic|token)\s+)?[^\s"'&;,)}\]]+/iy
  let shown = ''
  let from = 0
  for (const { 0: key, 1: name, index } of text.matchAll(keys)) {
    // The value of a name that is no secret may hold one that is: `Error: token=…`.
    if (index < from || !isSecretName(name, more)) continue
    values.lastIndex = index + key.length
    if (!values.test(text)) continue
    shown += text.slice(from, index + key.length) + REDACTED
    from = values.lastIndex
  }
  return shown + text.slice(from)
}

const SHAPES = [
  '(?<![\\w-])eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*)?', // JWT, also when it was cut
  '-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)',
  '\\b(?:AKIA|ASIA)[A-Z\\d]{16}\\b', // AWS
  '\\bAIza[\\w-]{35}', // Google
  '\\bgh[pousr]_\\w{20,}|\\bgithub_pat_\\w{20,}|\\bglpat-[\\w-]{16,}', // GitHub, GitLab
  '\\bxox[abeoprs]-[\\w-]{10,}|\\bnpm_\\w{30,}|\\bpypi-[\\w-]{30,}|\\bhf_\\w{30,}',
  '\\b[sr]k[-_](?:live|test|ant|proj|or)?[-_]?[\\w-]{16,}', // Stripe, OpenAI, Anthropic
  '(?<=\\b(?:bearer|basic) )[\\w+/.~=-]{8,}',
  '(?<=://[^\\s/:@]{0,64}:)[^\\s/@]{1,128}(?=@)', // password of a URL
  '\\b[2-6](?:[ -]?\\d){12,18}\\b' // card number, when its check digit is right
]
let shapes: RegExp | undefined

/** Luhn's check digit tells card numbers from other long numbers. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = +digits[digits.length - 1 - i] * (1 + (i & 1))
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum > 0 && sum % 10 === 0
}

/** Leaves out what looks like a secret whatever its name: tokens, keys, card numbers. */
export function redactShapes(text: string): string {
  if (text.length < 12) return text
  shapes ??= new RegExp(SHAPES.join('|'), 'gi')
  return text.replace(shapes, (found) => (/^[\d -]+$/.test(found) && !isCard(found) ? found : REDACTED))
}
