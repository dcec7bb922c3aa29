import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Column, tableTo } from '../../src/cli/_table.ts'
import { painter } from '../../src/cli/_terminal.ts'
import { widthOf } from '../../src/cli/_text.ts'

const test = suite('tables on a terminal')

/** The lines of a table, and the columns it left out. */
function tabulate(columns: Column[], rows: string[][], width: number): { lines: string[]; missing: string[] } {
  const lines: string[] = []
  const output = { line: (text: string) => void lines.push(text), flush() {} }
  const table = tableTo(output, { columns, width, paint: painter(false) })
  for (const row of rows) table.add(row)
  return { lines, missing: table.end() }
}

const NAMES: Column[] = [{ title: 'NAME' }, { title: 'CALLS', right: true }, { title: 'RESULT', least: 4 }]

test('columns are as wide as what is in them', () => {
  const { lines } = tabulate(
    NAMES,
    [
      ['add', '12', 'fine'],
      ['multiply', '3', 'not so fine']
    ],
    80
  )
  assert.equal(lines, ['NAME      CALLS  RESULT', 'add          12  fine', 'multiply      3  not so fine'])
})

test('what may be clipped is clipped where there is no room', () => {
  const { lines } = tabulate(
    NAMES,
    [
      ['add', '12', 'fine'],
      ['multiply', '3', 'not so fine']
    ],
    23
  )
  assert.equal(lines, ['NAME      CALLS  RESULT', 'add          12  fine', 'multiply      3  not s…'])
})

test('short values leave their room to long ones', () => {
  const columns = [
    { title: 'A', least: 2 },
    { title: 'B', least: 2 },
    { title: 'C', least: 2 }
  ]
  const { lines } = tabulate(columns, [['1', 'x'.repeat(30), 'y'.repeat(9)]], 30)
  assert.equal(lines, [`A  B${' '.repeat(17)}C`, `1  ${'x'.repeat(15)}…  ${'y'.repeat(9)}`])
})

test('spare columns are left out one by one, and named', () => {
  const columns = [
    { title: 'NAME', least: 4 },
    { title: 'FIRST', least: 5, spare: 2 },
    { title: 'SECOND', least: 5, spare: 1 }
  ]
  const rows = [['a name', 'a first', 'a second']]
  assert.equal(tabulate(columns, rows, 18).missing, [])
  assert.equal(tabulate(columns, rows, 17), { lines: ['NAME    SECOND', 'a name  a second'], missing: ['FIRST'] })
  assert.equal(tabulate(columns, rows, 8), { lines: ['NAME', 'a name'], missing: ['FIRST', 'SECOND'] })
})

test('values and titles cannot steer the terminal', () => {
  const { lines } = tabulate([{ title: 'a\x1b[2J' }], [['\x1b]0;title\x07'], ['two\nlines'], ['\u202egnp.exe']], 80)
  assert.equal(lines, ['a\\x1b[2J', '\\x1b]0;title\\x07', 'two\\nlines', '\\u{202e}gnp.exe'])
})

test('rows beyond the first 200 keep to the widths', () => {
  const rows = Array.from({ length: 1000 }, (_, index) => [`${index}`, '1', 'x'.repeat(index)])
  const { lines } = tabulate(NAMES, rows, 80)
  assert.is(lines.length, 1001)
  assert.is(Math.max(...lines.map(widthOf)), 80)
})

test('a megabyte in a cell is clipped like the rest', () => {
  const { lines } = tabulate(NAMES, [['a', '1', '価'.repeat(1_000_000)]], 40)
  assert.is(widthOf(lines[1]), 40)
  assert.match(lines[1], /価…$/)
})

test('no line is wider than it may be', () => {
  const cell = fc.string({ unit: 'grapheme' })
  const columns = ['A', 'B', 'C'].map((title, index) => ({ title, least: 3, spare: index + 1 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell)), fc.integer({ min: 3, max: 60 }), (rows, width) => {
      for (const line of tabulate(columns, rows, width).lines) assert.ok(widthOf(line) <= width, line)
    })
  )
})

test('colours cost no room', () => {
  const lines: string[] = []
  const output = { line: (text: string) => void lines.push(text), flush() {} }
  const table = tableTo(output, { columns: [{ title: 'A', least: 3 }], width: 5, paint: painter(true) })
  table.add([{ text: 'longer', colour: 31 }])
  table.end()
  assert.equal(lines, ['\x1b[1mA\x1b[0m', '\x1b[31mlong…\x1b[0m'])
})

test.run()
