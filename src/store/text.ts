import type { Cell } from '../formats/row.ts'
import { quote } from '../formats/tagged.ts'

/** A text to look for, in SQL and in JavaScript alike. */
export interface Search {
  /** An expression over columns; the values it binds, in their order. */
  sql(columns: readonly string[]): { sql: string; values: Cell[] }
  test(cell: unknown): boolean
}

// D1 takes patterns of up to 50 bytes, and each of these characters may need two.
const LONGEST_PATTERN = 16

/**
 * Finds a text in any case. Columns may hold JSON, so it is also looked for in the way JSON writes it. SQLite knows the two
 * cases of A to Z only; those of the other letters in the text are folded one by one.
 */
export function search(text: string): Search {
  const pairs = casePairs(text)
  const fold = (folded: string): string =>
    pairs.reduce((rest, [upper, lower]) => rest.replaceAll(upper, lower), folded.replace(/[A-Z]+/g, toLower))
  const needles = [...new Set([text, quote(text).slice(1, -1)])].map(fold)

  const pattern = patternOf(needles[0])
  const isExact = needles.length === 1 && pattern.isWhole

  return {
    sql(columns) {
      // SQLite calls LIKE for null too, which costs more than the rest of the condition.
      const like = columns.map((column) => `(${column} IS NOT NULL AND ${column} LIKE ? ESCAPE '\\')`).join(' OR ')
      const values: Cell[] = columns.map(() => pattern.text)
      if (isExact) return { sql: like, values }
      // NUL stands between the columns, as no needle holds it.
      const all = columns.map((column) => `ifnull(${column}, '')`).join(' || char(0) || ')
      const folded = pairs.reduce((inner) => `replace(${inner}, ?, ?)`, `lower(${all})`)
      const found = needles.map(() => `instr(${folded}, ?)`).join(' OR ')
      return { sql: `(${like}) AND (${found})`, values: [...values, ...needles.flatMap((it) => [...pairs.flat(), it])] }
    },
    test(cell) {
      if (cell === null || cell === undefined) return false
      const folded = fold(String(cell))
      return needles.some((needle) => folded.includes(needle))
    }
  }
}

const toLower = (letters: string): string => letters.toLowerCase()
const isOne = (letter: string): boolean => Array.from(letter).length === 1 && letter > '\x7f'

/** The letters beyond ASCII in a text that have two cases, each as [upper, lower]. */
function casePairs(text: string): [string, string][] {
  const pairs = new Map<string, string>()
  for (const character of text) {
    const [upper, lower] = [character.toUpperCase(), character.toLowerCase()]
    if (upper !== lower && isOne(upper) && isOne(lower) && !pairs.has(upper)) pairs.set(upper, lower)
  }
  return [...pairs]
}

/** A pattern for LIKE that finds all a needle does: of the longest part that JSON writes as it is. */
function patternOf(needle: string): { text: string; isWhole: boolean } {
  const parts = needle.split(/["\\\p{Cc}\u2028\u2029]/u).map((part) => Array.from(part))
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best))
  const isWhole = parts.length === 1 && longest.length <= LONGEST_PATTERN && !/\P{ASCII}/u.test(needle)
  return { text: `%${longest.slice(0, LONGEST_PATTERN).map(wildcard).join('')}%`, isWhole }
}

function wildcard(character: string): string {
  if (character > '\x7f') return '_'
  return '%_\\'.includes(character) ? `\\${character}` : character
}
