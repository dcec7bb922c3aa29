import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { COLUMNS, toRow } from '../../src/formats/row.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { bundle, run, starters } from '../runtimes/_children.ts'
import { hostileEntries } from './_hostile.ts'

const sqlite = suite('sinks/sqlite with Python and other processes')

const hasPython = spawnSync('python3', ['-c', 'import sqlite3']).status === 0
const withPython = skipUnless(sqlite, hasPython, 'no python3 with sqlite3')
const newer = process.env.NFO_NODE

/** Runtimes and drivers; a runtime that is not here gives no command. */
const children: [name: string, command: string[], driver: SqlDriver['name']][] = [
  ['Node with sql.js', starters.node, 'sql.js'],
  ['Node with node:sqlite', newer ? [newer] : [], 'node:sqlite'],
  ['Deno with node:sqlite', starters.denoWithAll, 'node:sqlite'],
  ['Bun with bun:sqlite', starters.bun, 'bun:sqlite']
]

let script: string | undefined
async function child(command: string[], path: string, driver: string, mode: string): Promise<void> {
  script ??= await bundle("import '../sinks/_sqliteChild.ts'")
  const { code, stderr } = await run([...command, script, path, driver, mode])
  assert.is(code, 0, stderr)
}

/** The output of a Python program, as JSON. */
function python(program: string, ...args: string[]): unknown {
  const options = { encoding: 'utf8' as const, maxBuffer: 2 ** 26 }
  return JSON.parse(execFileSync('python3', ['-c', `import json, sqlite3, sys\n${program}`, ...args], options))
}

const COMPARE = `
expected = json.load(open(sys.argv[2], encoding='utf8'))
connection = sqlite3.connect(sys.argv[1])
columns = sys.argv[3]
rows = [list(row) for row in connection.execute(f'SELECT {columns} FROM logs ORDER BY id')]
wrong = [[at, name] for at, (row, other) in enumerate(zip(rows, expected)) for name, a, b in zip(columns.split(','), row, other) if a != b]
print(json.dumps([len(rows), wrong, connection.execute('PRAGMA integrity_check').fetchone()[0]]))`

for (const [name, command, driver] of children) {
  const test = skipUnless(sqlite, hasPython && Boolean(command[0]), `no python3, or no ${name}`)
  test(`${name}: Python reads every value of hostile rows as it was recorded`, async () => {
    const [path, expected] = [scratch('hostile.db'), scratch('expected.json')]
    await child(command, path, driver, 'hostile')
    const rows = hostileEntries().map(toRow)
    writeFileSync(expected, JSON.stringify(rows))
    assert.equal(python(COMPARE, path, expected, `${COLUMNS}`), [rows.length, [], 'ok'])
  })
}

for (const [one, other] of [
  [children[1], children[2]],
  [children[2], children[3]],
  [children[3], children[3]]
]) {
  const test = skipUnless(
    sqlite,
    hasPython && Boolean(one[1][0] && other[1][0]),
    `no python3, ${one[0]} or ${other[0]}`
  )
  test(`${one[0]} and ${other[0]} make and write one database at the same time`, async () => {
    const path = scratch('shared.db')
    await Promise.all([child(one[1], path, one[2], 'first'), child(other[1], path, other[2], 'second')])
    const counted = python(
      `print(json.dumps(sqlite3.connect(sys.argv[1]).execute('SELECT module, count(*), count(DISTINCT sequence) FROM logs GROUP BY module ORDER BY module').fetchall()))`,
      path
    )
    assert.equal(counted, [
      ['first', 200, 200],
      ['second', 200, 200]
    ])
  })
}

const FIXTURE = 'test/fixtures/python-nfo.db'
// Everything that Python had written, by its own columns.
const OLD = `SELECT id, timestamp, level, function_name, module, args, kwargs, arg_types, kwarg_types, return_value, return_type,
exception, exception_type, traceback, duration_ms, environment, trace_id, version, llm_analysis FROM logs WHERE id <= 304 ORDER BY id`
const READ_OLD = `print(json.dumps([list(row) for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]))`

for (const [name, command, driver] of children) {
  const test = skipUnless(sqlite, hasPython && Boolean(command[0]), `no python3, or no ${name}`)
  test(`${name}: a database of the Python package is extended, its rows stay, and Python goes on with it`, async () => {
    const path = scratch('python.db')
    copyFileSync(FIXTURE, path)
    const before = python(READ_OLD, path, OLD)
    await child(command, path, driver, 'ours')
    assert.equal(python(READ_OLD, path, OLD), before)
    const after = python(PYTHON_GOES_ON, path)
    assert.equal(after, { all: 505, errors: 18, debug: 427, ours: 200, last: [505, 'python', null], first: [1, null] })
  })
}

// Inserts as the Python package does, and asks what its command asks.
const PYTHON_GOES_ON = `
connection = sqlite3.connect(sys.argv[1])
connection.row_factory = sqlite3.Row
connection.execute("INSERT INTO logs (timestamp, level, function_name, module, args) VALUES ('2027-01-01T00:00:00+00:00', 'ERROR', 'python', 'm', '()')")
connection.commit()
of = lambda where: len(connection.execute(f"SELECT * FROM logs WHERE 1=1 {where} ORDER BY timestamp DESC").fetchall())
row = lambda order: connection.execute(f"SELECT id, function_name, kind FROM logs ORDER BY id {order} LIMIT 1").fetchone()
print(json.dumps({
  'all': of(''), 'errors': of("AND level = 'ERROR'"), 'debug': of("AND level = 'DEBUG'"), 'ours': of("AND module = 'ours'"),
  'last': list(row('DESC')), 'first': [row('ASC')['id'], row('ASC')['kind']]}))`

withPython('the sqlite3 of Python reads an open database while the sink writes', async () => {
  const path = scratch('open.db')
  const sink = sqliteSink(path)
  await sink.write([entry({ sequence: 1 })])
  await new Promise((resolve) => setTimeout(resolve, 100))
  await sink.write([entry({ sequence: 2 })])
  sink.flushSync?.()
  const count = "print(json.dumps(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM logs').fetchone()))"
  assert.equal(python(count, path), [2])
  await sink.close?.()
})

const SHELL = spawnSync('sqlite3', ['--version']).status === 0
skipUnless(
  sqlite,
  SHELL,
  'no sqlite3 shell'
)('the sqlite3 shell reads it', async () => {
  const path = scratch('shell.db')
  const sink = sqliteSink(path)
  await sink.write([entry(), entry({ level: 'error', exception: 'no stock' })])
  await sink.close?.()
  assert.ok(existsSync(path))
  const shown = execFileSync('sqlite3', [path, 'SELECT level, function_name, args, exception FROM logs'], {
    encoding: 'utf8'
  })
  assert.is(shown, 'DEBUG|price|["a-1",2]|\nERROR|price|["a-1",2]|no stock\n')
})

sqlite.run()
