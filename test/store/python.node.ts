import { execFileSync, spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Filter } from '../../src/store/filter.ts'
import { openStore } from '../../src/store/open.ts'
import { skipUnless } from '../_run/runtime.ts'
import { listOf } from './_contract.ts'

const python = suite("store: SQL typed by hand, run by Python's sqlite3")
const test = skipUnless(python, spawnSync('python3', ['-c', 'import sqlite3']).status === 0, 'no python3')
const files = ['db', 'csv', 'jsonl'].map((extension) => `test/fixtures/python-nfo.${extension}`)
const found = (needle: string): string =>
  ['function_name', 'module', 'args', 'kwargs', 'return_value', 'exception', 'exception_type', 'traceback']
    .map((column) => `${column} LIKE '%${needle}%'`)
    .join(' OR ')

const questions: [Filter, string][] = [
  [{}, '1'],
  [{ level: 'info' }, "level IN ('INFO', 'WARNING', 'ERROR', 'CRITICAL')"],
  [{ level: 'ERROR' }, "level = 'ERROR'"],
  [{ errors: true }, "exception <> ''"],
  [{ function: 'price' }, "function_name = 'price'"],
  [{ function: 'Cart.*' }, "function_name LIKE 'Cart.%'"],
  [{ function: '*r?s*' }, "function_name GLOB '*r?s*'"],
  [{ minDuration: 0.01 }, 'duration_ms >= 0.01'],
  [{ minDuration: '0.02ms', function: 'f*' }, "duration_ms >= 0.02 AND function_name LIKE 'f%'"],
  [{ text: 'alice' }, found('alice')],
  [{ text: 'ŻÓŁĆ' }, `${found('Żółć')} OR ${found('żółć')}`],
  [{ text: 'line two' }, found('line two')],
  [{ text: '{}' }, found('{}')],
  [{ text: 'discount' }, found('discount')],
  [{ text: '_' }, "instr(function_name || module || args || kwargs || return_value || exception || traceback, '_')"],
  [{ text: '%' }, "instr(function_name || module || args || kwargs || return_value || exception || traceback, '%')"],
  [{ text: '\\x00' }, "instr(args || kwargs || return_value || traceback, '\\x00')"],
  [{ text: 'division by zero\n' }, "traceback LIKE '%division by zero' || char(10) || '%'"],
  [{ since: '2026-11-22T22:35:57.5Z' }, "timestamp >= '2026-11-22T22:35:57.500000+00:00'"],
  [{ until: '2026-11-22T23:35:57.5+01:00' }, "timestamp < '2026-11-22T22:35:57.500000+00:00'"],
  [{ since: '2026-11-22T22:35:57.140356Z', limit: 3 }, "timestamp >= '2026-11-22T22:35:57.140356+00:00' LIMIT 3"],
  [{ order: 'newest', limit: 5 }, '1 ORDER BY timestamp DESC LIMIT 5'],
  [{ order: 'oldest', limit: 5, level: 'error' }, "level = 'ERROR' ORDER BY timestamp LIMIT 5"],
  [{ order: 'slowest', limit: 5 }, '1 ORDER BY duration_ms DESC, id DESC LIMIT 5']
]

const PROGRAM = `
import json, sqlite3, sys
database = sqlite3.connect('file:test/fixtures/python-nfo.db?mode=ro', uri=True)
print(json.dumps([[row[0] for row in database.execute('SELECT timestamp FROM logs WHERE ' + where)] for where in json.load(sys.stdin)]))`

test('every filter selects the same rows of the database, the CSV and the JSON lines', async () => {
  const input = JSON.stringify(questions.map(([, where]) => where))
  const answers = JSON.parse(execFileSync('python3', ['-c', PROGRAM], { input, encoding: 'utf8' })) as string[][]
  let partial = 0
  for (const [index, [filter]] of questions.entries()) {
    const expected = answers[index].map((time) => Number(time.slice(20, 26)))
    if (expected.length > 0 && expected.length < 304) partial++
    for (const path of files) {
      const store = openStore(path)
      const times = (await listOf(store.query(filter))).map(({ timestamp }) => Math.round((timestamp % 1000) * 1000))
      assert.equal(times, expected, `${path} ${JSON.stringify(filter)}`)
      await store.close()
    }
  }
  assert.ok(partial >= 17, `${partial} questions have an answer that says something`)
})

python.run()
