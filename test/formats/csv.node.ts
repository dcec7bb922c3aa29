import { spawnSync } from 'node:child_process'
import { createReadStream, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { csvHeader } from '../../src/formats/csv.ts'
import { type CsvRecord, createCsvReader, entriesOfCsv } from '../../src/formats/csvReader.ts'
import { toJson } from '../../src/formats/json.ts'
import { COLUMNS, toRow } from '../../src/formats/row.ts'
import { csvSink } from '../../src/sinks/csv.ts'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { entry } from './_entry.ts'

const PYTHON_FILE = 'test/fixtures/python-nfo.csv'

const test = suite('formats/csv: Python')
const hasPython = spawnSync('python3', ['--version']).status === 0
const withPython = skipUnless(test, hasPython, 'no python3')

/** The records of a file as Python's csv module gives them: all texts. */
function readByPython(path: string): string[][] {
  const program = `
import csv, json, sys
csv.field_size_limit(sys.maxsize)
with open(sys.argv[1], newline='', encoding='utf-8') as file:
    print(json.dumps(list(csv.reader(file, strict=True))))`
  const { stdout, stderr } = spawnSync('python3', ['-c', program, path], { maxBuffer: 2 ** 28, encoding: 'utf8' })
  assert.is(stderr, '')
  return JSON.parse(stdout)
}

/** The guard, said again: one ' before what a spreadsheet would compute. */
function guarded(text: string): string {
  const isFormula = '=+-@\t\r'.includes(text.replace(/^'+/, '').charAt(0) || 'x')
  return isFormula && (text.startsWith("'") || !text.startsWith('-') || Number.isNaN(Number(text))) ? `'${text}` : text
}

const controls = Array.from({ length: 33 }, (_, code) => String.fromCharCode(code))
const texts = [
  ...controls,
  ...controls.map((control) => `a${control}b`),
  ...['\x7f', '\x85', '\x9b', '\u2028', '\u2029', '\ufeff', '\u202eabc', '\u200b', '\ud800', 'a\udc00b'],
  ...['\udc00\ud800'],
  ...['', '"', '""', '","', '"\n', '",\r\n"', "'", "''", "'a", ',', ';', '\\', '\\"', '\\n', '|', 'a, b', ' a', 'a '],
  ...['[', '{'],
  ...['=1+1', "'=1", "''=1", '+1', '-1', '-1.5e-7', '--1', '@a', '\t=1', '\r=1', '\n=1', '-', "'-1"],
  ...['=cmd|"/c calc"!A1'],
  ...['zażółć', '日本語', 'עברית \u200fabc', '👩‍👧', '\u{10ffff}', 'e\u0301', 'NULL', 'None', '{}', '()', '1e5', '0x1'],
  ...['timestamp'],
  ...['{"$text":"a"}', '{"$text":', '__proto__', 'constructor']
]

const megabytes = ['x'.repeat(2 ** 20), '"\n'.repeat(2 ** 19), '👩'.repeat(2 ** 18)]
const large = megabytes.map((text, sequence) => entry({ sequence, args: [text], traceback: text }))

const hostile = texts.flatMap((text, sequence): Entry[] => [
  entry({ sequence, functionName: text, module: text, params: [text], args: [text], argTypes: [text] }),
  entry({ sequence, exception: text, exceptionType: text, traceback: text, environment: text, version: text }),
  entry({ sequence, kind: 'message', traceId: text, llmAnalysis: text, returnType: text, extra: { [text]: text } })
])
const corpus = [...hostile, ...large]

withPython('finds in what the sink wrote, cell by cell, what was recorded', () => {
  const path = scratch('hostile.csv')
  const sink = csvSink(path)
  sink.write(corpus.slice(0, 7))
  sink.write(corpus.slice(7))
  sink.close?.()
  const [header, ...records] = readByPython(path)
  assert.is(header.join(), csvHeader)
  assert.is(records.length, corpus.length)
  for (const [index, record] of records.entries()) {
    const expected = toRow(corpus[index]).map((cell) => (typeof cell === 'string' ? guarded(cell) : `${cell ?? ''}`))
    const wrong = record.findIndex((cell, column) => cell !== expected[column])
    const where = `${COLUMNS[wrong]} of ${JSON.stringify(texts[Math.floor(index / 3)])}`
    assert.is(record.length === expected.length ? wrong : COLUMNS.length, -1, where)
  }
  const read = [...entriesOfCsv([readFileSync(path, 'utf8')])] as Entry[]
  assert.ok(read.map(toJson).join('\n') === corpus.map(toJson).join('\n'), 'and our reader finds the same entries')
})

withPython('sees in the file of the Python package what Python sees, value by value', async () => {
  const reader = createCsvReader()
  const records: CsvRecord[] = []
  for await (const piece of createReadStream(PYTHON_FILE, { encoding: 'utf8', highWaterMark: 1000 })) {
    records.push(...(reader.push(piece) as CsvRecord[]))
  }
  records.push(...(reader.end() as CsvRecord[]))
  const [header, ...expected] = readByPython(PYTHON_FILE)
  assert.is(expected.length, 304)
  assert.equal(
    records.map((record) => record.cells.map((cell) => cell ?? '')),
    expected
  )
  assert.ok(records.every((record) => record.header.join() === header.join()))
})

test('reads the file of the Python package', () => {
  const read = [...entriesOfCsv([readFileSync(PYTHON_FILE, 'utf8')])] as Entry[]
  const levels = read.map(({ level }) => level)
  const count = (wanted: string): number => levels.filter((level) => level === wanted).length
  assert.equal([read.length, count('debug'), count('error'), count('info')], [304, 227, 17, 60])
  const failed = read.find(({ level }) => level === 'error') as Entry
  assert.match(
    failed.traceback as string,
    /^Traceback .+\n {2}File "site-packages\/.+ZeroDivisionError: division by zero\n$/s
  )
  assert.equal([failed.functionName, failed.args, failed.durationMs], ['risky', ['(0,)'], 0.004])
  assert.not('returnValue' in failed)
})

test.run()
