import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/index.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { bundle, run } from '../runtimes/_children.ts'
import {
  fileOf,
  fixture,
  fresh,
  hasTerminal,
  linesIn,
  nfo,
  nfoScript,
  onTerminal,
  printed,
  RUNTIMES,
  traceOf
} from './_nfo.ts'

const test = suite('nfo sql')
const onATerminal = skipUnless(test, hasTerminal, 'no script(1) of util-linux')

const LEVELS = 'SELECT level, count(*) AS calls FROM logs GROUP BY level ORDER BY level'

test('answers with a table, JSON lines or CSV', async () => {
  const path = fixture('python-nfo.db')
  assert.is(await printed(['sql', path, LEVELS]), 'level  calls\nDEBUG    227\nERROR     17\nINFO      60\n')
  const json = await printed(['sql', path, LEVELS, '--format', 'json'])
  assert.is(json, '{"level":"DEBUG","calls":227}\n{"level":"ERROR","calls":17}\n{"level":"INFO","calls":60}\n')
  const csv = await printed(['sql', path, LEVELS, '--format', 'csv'])
  assert.is(csv, 'level,calls\r\nDEBUG,227\r\nERROR,17\r\nINFO,60\r\n')
})

test('values of every type are told apart', async () => {
  const statement = "SELECT null AS a, x'00ff' AS b, '=1+1' AS c, 1.5 AS d, 'a' AS d"
  const json = await printed(['sql', fixture('python-nfo.db'), statement, '--format', 'json'])
  assert.is(json, '{"a":null,"b":{"$bytes":"AP8="},"c":"=1+1","d":1.5,"d:5":"a"}\n')
  const csv = await printed(['sql', fixture('python-nfo.db'), statement, '--format', 'csv'])
  assert.is(csv, `a,b,c,d,d\r\n,"{""$bytes"":""AP8=""}","'=1+1",1.5,a\r\n`)
  assert.match(
    await printed(['sql', fixture('python-nfo.db'), statement]),
    /\nnull {2}bytes\(2\) <00 ff> {2}=1\+1 {2}1\.5 {2}a\n/
  )
})

for (const name of ['python-nfo.jsonl', 'python-nfo.csv']) {
  test(`asks ${name} the same way`, async () => {
    assert.is(await printed(['sql', fixture(name), LEVELS]), 'level  calls\nDEBUG    227\nERROR     17\nINFO      60\n')
  })
}

for (const [on, { missing }] of Object.entries(RUNTIMES)) {
  const where = skipUnless(test, !missing, missing ?? '')
  where(`asks a database of which there is only the journal so far, ${on}`, async () => {
    const path = fresh('young.db')
    const sink = sqliteSink(path, { driver: 'sql.js' })
    await sink.write([entry()])
    await sink.flush?.()
    assert.not(existsSync(path))
    assert.is(
      await printed(['sql', path, 'SELECT count(*) AS calls FROM logs', '--format', 'json'], { on }),
      '{"calls":1}\n'
    )
    await sink.close?.()
  })
}

test('asks a record file', async () => {
  const path = fresh('app.nfo')
  const logger = createLogger({ record: path })
  const priced = logger.wrap((count: number) => count * 2, 'priced')
  for (let count = 0; count < 7; count++) priced(count)
  await logger.close()
  assert.is(
    await printed(['sql', path, 'SELECT function_name, count(*) AS n FROM logs', '--format', 'csv']),
    'function_name,n\r\npriced,7\r\n'
  )
})

test('says which columns a table has no room for', async () => {
  const { code, stdout, stderr } = await nfo(['sql', fixture('python-nfo.db'), 'SELECT * FROM logs'], {
    env: { COLUMNS: '60' }
  })
  assert.is(code, 0)
  assert.is(linesIn(stdout).length, 305)
  assert.ok(linesIn(stdout).every((line) => line.length <= 60))
  assert.match(stderr, /^No room for arg_types, .*llm_analysis; name fewer columns, or use --format json\.\n$/)
})

/** What the database itself has to withstand. */
const INSIDE = [
  'DELETE FROM logs',
  'UPDATE logs SET level = 1',
  "INSERT INTO logs (level) VALUES ('x')",
  'WITH x AS (SELECT 1) DELETE FROM logs',
  'DROP TABLE logs',
  'CREATE TABLE x (y)',
  'CREATE TEMP TABLE x (y)',
  'VACUUM',
  'PRAGMA writable_schema = ON',
  'PRAGMA user_version = 7',
  'PRAGMA journal_mode = WAL',
  'PRAGMA journal_mode = PERSIST',
  'PRAGMA application_id(7)',
  'REINDEX',
  'ANALYZE',
  'PRAGMA optimize',
  'PRAGMA wal_checkpoint(TRUNCATE)',
  'BEGIN EXCLUSIVE'
]

/** What would reach other files, which a read-only database does not hinder. */
const OUTSIDE = [
  "VACUUM INTO 'stolen.db'",
  "ATTACH 'stolen.db' AS stolen",
  "SELECT load_extension('./x.so')",
  "VACUUM main INTO 'stolen.db'",
  "ATTACH 'stolen.db' AS stolen; CREATE TABLE stolen.x AS SELECT * FROM logs",
  'DELETE FROM logs',
  'EXPLAIN PRAGMA user_version = 7'
]

/** Ways past whoever reads a statement. */
const DISGUISES = [
  "SELECT $a('); DELETE FROM logs; --')",
  '/* SELECT */ DELETE FROM logs',
  'SELECT 1 /* ; */ ; DELETE FROM logs',
  'SELECT 1 WHERE \';\' = ";" ; DROP TABLE logs',
  'EXPLAIN QUERY PLAN SELECT 1; DROP TABLE logs'
]

for (const [name, { missing }] of Object.entries(RUNTIMES)) {
  const here = skipUnless(test, !missing, `${missing}`)

  here(`with ${name}, nothing changes a file, whatever is tried`, async () => {
    const path = fixture('python-nfo.db')
    const before = traceOf(path)
    const statements = name === 'node, sql.js' ? [...OUTSIDE, ...DISGUISES] : OUTSIDE.slice(0, 3)
    const seen = await Promise.all(statements.map((statement) => nfo(['sql', path, statement], { on: name })))
    for (const { code, stdout, stderr } of seen) {
      assert.equal([code, stdout], [2, ''], stderr)
      assert.match(stderr, /^\[nfo\] \[sql\] .+; .+\n$/)
    }
    assert.not.ok(existsSync('stolen.db'))
    assert.is(
      await printed(['sql', path, LEVELS, '--format', 'csv'], { on: name }),
      'level,calls\r\nDEBUG,227\r\nERROR,17\r\nINFO,60\r\n'
    )
    assert.equal(traceOf(path), before)
  })
}

for (const [name, { start, missing }] of Object.entries(RUNTIMES)) {
  skipUnless(
    test,
    !missing,
    `${missing}`
  )(`with ${name}, the file is open for reading only`, async () => {
    const script = await bundle(`
      import { openTables } from '../../src/cli/_database.ts'
      const [path, ...statements] = process.argv.slice(2)
      for (const statement of statements) {
        const tables = await openTables(path, 'sql')
        try { await tables.all(statement) } catch {}
        await tables.close()
      }
      console.log(statements.length)`)
    const path = fixture('python-nfo.db')
    const before = traceOf(path)
    const { stdout, stderr } = await run([...start, script, path, ...INSIDE])
    assert.is(stdout, `${INSIDE.length}\n`, stderr)
    assert.equal(traceOf(path), before)
  })
}

test('other formats stay as they are too', async () => {
  for (const name of ['python-nfo.jsonl', 'python-nfo.csv']) {
    const path = fixture(name)
    const before = traceOf(path)
    assert.is((await nfo(['sql', path, 'DELETE FROM logs'])).code, 2)
    await printed(['sql', path, LEVELS])
    assert.equal(traceOf(path), before)
  }
})

onATerminal('values and column names cannot steer the terminal', async () => {
  const path = fileOf([{ functionName: 'a\x1b[2Jb\x9b31m' }])
  for (const format of ['table', 'csv']) {
    const seen = await onTerminal(
      ['sql', path, 'SELECT function_name AS "c\x1b[1m" FROM logs', '--format', format],
      80,
      { NO_COLOR: '1' }
    )
    assert.match(seen, /c\\x1b\[1m\n.*a\\x1b\[2Jb\\x9b31m/)
    assert.not.match(seen, /(?!\n)\p{Cc}/u)
  }
})

function refuses(args: string[], code: number, message: RegExp): void {
  test(`refuses ${args.join(' ') || 'nothing'}`, async () => {
    const seen = await nfo(['sql', ...args])
    assert.equal([seen.code, seen.stdout], [code, ''], seen.stderr)
    assert.match(seen.stderr, message)
  })
}

refuses([], 2, /\[nfo\] \[sql\] a file and a statement are needed; use nfo sql app\.db "SELECT count/)
refuses(['app.db', 'SELECT', '1'], 2, /more than a file and a statement; .* with the quotes/)
refuses(['none.db', 'SELECT 1'], 1, /\[nfo\] \[sql\] cannot open none\.db: .*check the path/)
refuses(
  ['test/fixtures/python-nfo.db', 'SELECT missing FROM logs'],
  1,
  /\[nfo\] \[sql\] no such column: missing; nfo sql FILE "PRAGMA table_info\(logs\)"/
)
refuses(['test/fixtures/python-nfo.db', 'SELEC 1'], 2, /SELEC does not read/)
refuses(['test/fixtures/python-nfo.db', 'SELECT 1', '--format', 'md'], 2, /unknown format 'md'; use table, json, csv/)

test('without sql.js and a SQLite of its own, it says what to do', async () => {
  // Away from this project's packages.
  const away = mkdtempSync(join(tmpdir(), 'nfo-alone-'))
  writeFileSync(join(away, 'nfo.mjs'), readFileSync(await nfoScript()))
  const stderr = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      ['nfo.mjs', 'sql', fixture('python-nfo.db'), 'SELECT 1'],
      { cwd: away },
      (_error, _out, text) => resolve(text)
    )
  })
  rmSync(away, { recursive: true })
  if (Number(process.versions.node.split('.')[0]) >= 22) return
  assert.match(stderr, /^\[nfo\] \[sql\] cannot open .*: sql\.js is not installed; npm install sql\.js/)
})

test('helps with examples', async () => {
  assert.match(await printed(['sql', '--help']), /nfo sql FILE "SELECT …" \[options\][\s\S]*GROUP BY/)
})

test.run()
