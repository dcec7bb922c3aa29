import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { settle } from './_rounds.mjs'
import { here, root } from './_runtimes.mjs'

const { driver, entry, sqlite, calls, rounds, sites, python } = JSON.parse(process.argv[2])
const folder = mkdtempSync(join(tmpdir(), 'nfo-bench-'))
const { createLogger } = await import(entry)
const { sqliteSink } = await import(sqlite)
const require = createRequire(join(root, 'package.json'))

const PRAGMAS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL'

/** The library itself, as somebody would use it who wants speed: a prepared statement in one transaction. */
const libraries = {
  async 'sql.js'() {
    const { Database } = await require('sql.js')()
    const opened = (image) => {
      const database = new Database(image)
      return {
        exec: (sql) => database.run(sql),
        inserter(sql) {
          const statement = database.prepare(sql)
          return (row) => statement.run(row)
        },
        rows: (sql) => database.exec(sql)[0].values,
        close: () => database.close()
      }
    }
    return { create: () => opened(), read: (path) => opened(readFileSync(path)) }
  },
  async 'node:sqlite'() {
    const { DatabaseSync } = require('node:sqlite')
    const opened = (path) => {
      const database = new DatabaseSync(path)
      return {
        exec: (sql) => database.exec(sql),
        inserter(sql) {
          const statement = database.prepare(sql)
          return (row) => statement.run(...row)
        },
        rows(sql) {
          const statement = database.prepare(sql)
          statement.setReturnArrays(true)
          return statement.all()
        },
        close: () => database.close()
      }
    }
    return { create: opened, read: opened }
  },
  async 'bun:sqlite'() {
    const { Database } = require('bun:sqlite')
    const opened = (path) => {
      const database = new Database(path)
      return {
        exec: (sql) => database.run(sql),
        inserter(sql) {
          const statement = database.prepare(sql)
          return (row) => statement.run(...row)
        },
        rows: (sql) => database.prepare(sql).values(),
        close: () => database.close()
      }
    }
    return { create: opened, read: opened }
  }
}

let numbered = 0
const newPath = () => join(folder, `${numbered++}.db`)
const functions = [
  ['add', (left, right) => left + right],
  ['subtract', (left, right) => left - right],
  ['describe', (count, word) => `${count} ${word}`]
].slice(0, sites)

/** From the first call to rows that are committed and in the file. */
async function recorded() {
  const path = newPath()
  const logger = createLogger({ sinks: [sqliteSink(path, { driver })], exitHooks: false })
  const wrapped = functions.map(([name, fn]) => logger.wrap(fn, name))
  // Opens the database; sql.js takes a moment to load.
  wrapped[0](-1, 7)
  await logger.flush()
  await new Promise((resolve) => setTimeout(resolve, 100))
  await settle()
  const start = performance.now()
  for (let i = 0; i < calls; i++) wrapped[i % sites](i, 7)
  const ledger = logger.flushSync()
  const ms = performance.now() - start
  if (ledger.delivered !== calls + 1) throw new Error(`delivered ${ledger.delivered} of ${calls + 1} calls`)
  await logger.close()
  return { path, ms }
}

/** The same rows, columns and indices, by hand. */
function bare(library, schema, rows) {
  const path = newPath()
  const database = library.create(path)
  database.exec(PRAGMAS)
  for (const sql of schema) database.exec(sql)
  const columns = rows[0].length
  const insert = database.inserter(`INSERT INTO logs VALUES (NULL${', ?'.repeat(columns)})`)
  const start = performance.now()
  database.exec('BEGIN')
  for (const row of rows) insert(row)
  database.exec('COMMIT')
  const ms = performance.now() - start
  const kept = database.rows(ROWS).length
  database.close()
  if (kept !== rows.length) throw new Error(`the bare insert kept ${kept} of ${rows.length} rows`)
  return ms
}

const ROWS = 'SELECT * FROM logs ORDER BY id'

/** What was recorded is what was called. */
function expectCalls(rows) {
  rows.forEach(([, level, name, , args, , , , returned], at) => {
    const count = at - 1
    const [expected, fn] = functions[at === 0 ? 0 : count % sites]
    const isRight = name === expected && args === `[${count},7]` && returned === JSON.stringify(fn(count, 7))
    if (!isRight || level !== 'DEBUG') throw new Error(`row ${at} is ${rows[at]}`)
  })
}

/** Nanoseconds per call of the Python package, which commits each row. */
function inPython(path) {
  if (!python) return undefined
  const calls = '300'
  const text = execFileSync(python, [join(here, '_python-nfo.py'), path, calls], { encoding: 'utf8' })
  return JSON.parse(text).ns
}

async function measure() {
  const library = await libraries[driver]()
  const first = await recorded()
  const database = library.read(first.path)
  const rows = database.rows(ROWS).map(([, ...row]) => row)
  const schema = database.rows("SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE%' AND tbl_name = 'logs'").flat()
  database.close()
  expectCalls(rows)
  bare(library, schema, rows)
  // Python writes to the table of the first run from here on.
  const samples = []
  for (let round = 0; round < rounds; round++) {
    await settle()
    const bareMs = bare(library, schema, rows)
    await settle()
    const { ms, path } = await recorded()
    const bytes = statSync(path).size / calls
    const sample = { bare: (bareMs * 1e6) / rows.length, own: (ms * 1e6) / calls, bytes, python: inPython(first.path) }
    samples.push(sample)
    rmSync(path)
  }
  return { samples }
}

try {
  console.log(JSON.stringify(await measure()))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
