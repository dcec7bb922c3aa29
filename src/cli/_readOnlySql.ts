import { UsageError } from './_command.ts'

// Comments and spaces first, then texts, quoted names, words; whatever else stands for itself.
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\p{L}\p{N}_][\p{L}\p{N}_$]*|[\s\S]/gu
const BLANK = /^(--|\/\*|\s)/
const QUOTED = /^(["`[])([\s\S]*)["`\]]$/

const READS = ['SELECT', 'WITH', 'VALUES', 'PRAGMA']
// These reach out of the database, whatever the statement around them is.
const REACHES_OUT = ['LOAD_EXTENSION', 'FTS3_TOKENIZER']
// Parameters: nothing is bound, and SQLite reads `$a(…)` in a way of its own.
const PARAMETERS = ['?', '$', '@', ':', '#']
// Some pragmas act when they are given a value, and some already when they are prepared.
const ASKS =
  'APPLICATION_ID CACHE_SIZE COLLATION_LIST COMPILE_OPTIONS DATABASE_LIST ENCODING FREELIST_COUNT FUNCTION_LIST'
const ASKS_TOO = 'JOURNAL_MODE AUTO_VACUUM PAGE_COUNT PAGE_SIZE SCHEMA_VERSION USER_VERSION'
const ASKS_ABOUT = 'TABLE_INFO TABLE_XINFO TABLE_LIST INDEX_LIST INDEX_INFO INDEX_XINFO FOREIGN_KEY_LIST'
const CHECKS = 'INTEGRITY_CHECK QUICK_CHECK FOREIGN_KEY_CHECK'
const PLAIN_PRAGMAS = `${ASKS} ${ASKS_TOO}`.split(' ')
const NAMED_PRAGMAS = `${ASKS_ABOUT} ${CHECKS}`.split(' ')

/**
 * Throws unless the text is one statement that reads. The database is opened read-only besides; this is for a clear answer,
 * and for what acts outside of that database: ATTACH, VACUUM INTO, extensions.
 */
export function rejectWrites(sql: string): void {
  const tokens = tokensOf(sql)
  while (tokens.at(-1) === ';') tokens.pop()
  if (tokens.length === 0) refuse('no statement is given', 'use nfo sql app.db "SELECT count(*) FROM logs"')
  if (tokens.includes(';')) refuse('there is more than one statement', 'give one at a time')
  for (const token of tokens) rejectToken(token)
  rejectStatement(withoutExplain(tokens))
}

/** Words and quoted names in upper case, everything else as it is. */
function tokensOf(sql: string): string[] {
  const tokens = sql.match(TOKEN) ?? []
  return tokens.filter((token) => !BLANK.test(token)).map((token) => (QUOTED.exec(token)?.[2] ?? token).toUpperCase())
}

function rejectToken(token: string): void {
  if (REACHES_OUT.includes(token)) refuse(`${token.toLowerCase()} reaches out of the file`, 'leave it out')
  if (PARAMETERS.includes(token)) refuse(`'${token}' is a parameter`, 'write the value itself, texts in single quotes')
  if (token.includes('\0')) refuse('there is a NUL in it', 'leave it out')
}

function withoutExplain([first, ...rest]: string[]): string[] {
  if (first !== 'EXPLAIN') return [first, ...rest]
  return rest[0] === 'QUERY' && rest[1] === 'PLAN' ? rest.slice(2) : rest
}

function rejectStatement([verb = '', ...rest]: string[]): void {
  if (!READS.includes(verb))
    refuse(`${verb || 'that'} does not read`, 'here the file is only read: use SELECT, WITH, VALUES, EXPLAIN or PRAGMA')
  if (verb === 'PRAGMA') return rejectPragma(rest)
  const writes = rest.find((token, index) => {
    return ['INSERT', 'UPDATE', 'DELETE'].includes(token) || (token === 'REPLACE' && rest[index + 1] === 'INTO')
  })
  if (verb === 'WITH' && writes) refuse(`${writes} would change the file`, 'end it with a SELECT')
}

function rejectPragma(tokens: string[]): void {
  const [name = '', ...argument] = tokens[1] === '.' ? tokens.slice(2) : tokens
  const [open, , close] = argument
  const isCall = argument.length === 3 && open === '(' && close === ')'
  if (NAMED_PRAGMAS.includes(name) && (isCall || argument.length === 0)) return
  if (PLAIN_PRAGMAS.includes(name) && argument.length === 0) return
  const known = [...NAMED_PRAGMAS, ...PLAIN_PRAGMAS].map((pragma) => pragma.toLowerCase()).join(', ')
  refuse(`PRAGMA ${[name, ...argument].join(' ').toLowerCase()} may change something`, `use ${known}, without a value`)
}

function refuse(what: string, fix: string): never {
  throw new UsageError(`[nfo] [sql] ${what}; ${fix}`)
}
