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

  function oneSql(columns: readonly string[], needle: string): { sql: string; values: Cell[] } {
    const characters = Array.from(needle)
    const pattern = `%${characters.slice(0, LONGEST_PATTERN).map(wildcard).join('')}%`
    // SQLite calls LIKE for null too, which costs more than the rest of the condition.
    const like = columns.map((column) => `(${column} IS NOT NULL AND ${column} LIKE ? ESCAPE '\\')`).join(' OR ')
    const values: Cell[] = columns.map(() => pattern)
    if (characters.length <= LONGEST_PATTERN && !/\P{ASCII}/u.test(needle)) return { sql: like, values }
    // NUL stands between the columns, as no needle holds it.
    const all = columns.map((column) => `ifnull(${column}, '')`).join(' || char(0) || ')
    const folded = pairs.reduce((inner) => `replace(${inner}, ?, ?)`, `lower(${all})`)
    return { sql: `(${like}) AND instr(${folded}, ?) > 0`, values: [...values, ...pairs.flat(), needle] }
  }

  return {
    sql(columns) {
      const parts = needles.map((needle) => oneSql(columns, needle))
      return { sql: parts.map(({ sql }) => `(${sql})`).join(' OR '), values: parts.flatMap(({ values }) => values) }
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

function wildcard(character: string): string {
  if (character > '\x7f') return '_'
  return '%_\\'.includes(character) ? `\\${character}` : character
}
