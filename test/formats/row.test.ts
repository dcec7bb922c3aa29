import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry } from '../../src/core/types.ts'
import { toJson } from '../../src/formats/json.ts'
import { type Cell, COLUMNS, fromRow, type Row, toRow } from '../../src/formats/row.ts'
import { slow } from '../_run/runtime.ts'
import { anyEntries } from './_entries.ts'
import { entry, same } from './_entry.ts'

const test = suite('formats/row')
const numRuns = slow ? 50 : 500

const named = (cells: readonly Cell[]): Row =>
  Object.fromEntries(COLUMNS.map((column, index) => [column, cells[index]]))
const cellOf = (given: Partial<Entry>, column: string): Cell => toRow(entry(given))[COLUMNS.indexOf(column)]

test('names the columns of the Python package in its order, then its own', () => {
  assert.is(
    COLUMNS.join(' '),
    'timestamp level function_name module args kwargs arg_types kwarg_types return_value return_type exception ' +
      'exception_type traceback duration_ms environment trace_id version llm_analysis ' +
      'kind span_id parent_id sequence clock extra params'
  )
})

test('has a value for every column', () => {
  const call = ['2026-11-22T22:35:57.140356+00:00', 'DEBUG', 'price', 'shop/cart', '["a-1",2]', null, 'string, number']
  const outcome = [null, '17.5', 'number', null, null, null, 1.2, null, null, null, null]
  assert.equal(toRow(entry()), [...call, ...outcome, 'call', 9, 4, 7, 'wall', null, '["sku","count"]'])
})

test('leaves out what is absent or empty', () => {
  const empty = { params: [], argTypes: [], returnType: undefined, durationMs: undefined, parentId: 0, extra: {} }
  const { returnValue: _returnValue, ...rest } = entry({ ...empty, args: [] })
  const row = named(toRow(rest))
  const present = COLUMNS.filter((column) => row[column] !== null)
  assert.is(present.join(' '), 'timestamp level function_name module args kind span_id sequence clock')
  assert.is(row.args, '[]')
})

const kinds: [value: unknown, json: string][] = [
  [undefined, '{"$":"undefined"}'],
  [null, 'null'],
  [true, 'true'],
  [-0, '{"$":"-0"}'],
  [Number.NaN, '{"$":"NaN"}'],
  [1e-7, '1e-7'],
  [-5, '-5'],
  [10n, '{"$bigint":"10"}'],
  ['=1+1', '"=1+1"'],
  ['a\0b', '"a\\u0000b"'],
  ['\ud800', '"\\ud800"'],
  [new Date(0), '{"$date":"1970-01-01T00:00:00.000Z"}'],
  [/a,b/g, '{"$regexp":["a,b","g"]}'],
  [new Map([['a', 1]]), '{"$map":[["a",1]]}'],
  [new Set(['a']), '{"$set":["a"]}'],
  [new Uint8Array([0, 255]), '{"$bytes":"AP8="}'],
  [[1, [2]], '[1,[2]]'],
  [{ a: { b: 1 } }, '{"a":{"b":1}}'],
  [{ $text: 'x' }, '{"$$text":"x"}'],
  [new Snapshot('instance', 'Cart', { total: 3 }), '{"$instance":["Cart",{"total":3}]}'],
  [new Snapshot('cycle', '1'), '{"$cycle":"1"}']
]

test('writes every kind of value as JSON, wherever it stands, and reads it back', () => {
  for (const [value, json] of kinds) {
    const given = entry({ args: [value], returnValue: value, extra: { value } })
    const row = named(toRow(given))
    assert.equal([row.args, row.return_value, row.extra], [`[${json}]`, json, `{"value":${json}}`])
    assert.ok(same(fromRow(row), given), json)
  }
})

const hostile: [text: string, cell: string][] = [
  ['', ''],
  ['a\r\nb\tc', 'a\r\nb\tc'],
  ["'; DROP TABLE logs; --", "'; DROP TABLE logs; --"],
  ['\x1b[31m\u202e', '\x1b[31m\u202e'],
  ['👩‍👧 עברית', '👩‍👧 עברית'],
  ['a\0b', '{"$text":"a\\u0000b"}'],
  ['\ud800', '{"$text":"\\ud800"}'],
  ['\ufeffa', '{"$text":"\ufeffa"}'],
  ['\udc00\ud800', '{"$text":"\\udc00\\ud800"}'],
  ['{"$text":"a"}', '{"$text":"{\\"$text\\":\\"a\\"}"}'],
  ['{"$text":', '{"$text":"{\\"$text\\":"}']
]

test('keeps any text, and writes what no database holds as JSON', () => {
  const columns = ['function_name', 'module', 'return_type', 'exception', 'exception_type', 'traceback']
  for (const [text, cell] of hostile) {
    const given = entry({
      ...{ functionName: text, module: text, returnType: text, exception: text, exceptionType: text, traceback: text },
      ...{ environment: text, traceId: text, version: text, llmAnalysis: text }
    })
    const row = named(toRow(given))
    for (const column of [...columns, 'environment', 'trace_id', 'version', 'llm_analysis']) {
      assert.is(row[column], cell, column)
    }
    assert.ok(same(fromRow(row), given), cell)
  }
})

test('writes types like the Python package where they can be read back', () => {
  for (const [types, cell] of [
    [['number'], 'number'],
    [['string', 'Cart'], 'string, Cart'],
    [['a,', ' b'], 'a,,  b'],
    [['a, b'], '["a, b"]'],
    [['', 'a'], '["","a"]'],
    [['[a]'], '["[a]"]'],
    [['\0'], '["\\u0000"]'],
    [['{"$text":"a"}'], '["{\\"$text\\":\\"a\\"}"]']
  ] as const) {
    const given = entry({ argTypes: [...types] })
    assert.is(cellOf(given, 'arg_types'), cell)
    assert.equal(fromRow(named(toRow(given))).argTypes, types)
  }
})

test('says of a call that had not returned that it is open', () => {
  const given = entry({ open: true })
  assert.is(cellOf(given, 'kind'), 'open')
  assert.ok(same(fromRow(named(toRow(given))), given))
})

test('gives back any entry, from cells that every database and file can hold', () => {
  fc.assert(
    fc.property(anyEntries, (given) => {
      const cells = toRow(given)
      assert.is(cells.length, COLUMNS.length)
      for (const cell of cells) assert.not.match(`${cell}`, /[\0\p{Cs}]/u)
      const read = fromRow({ id: 1, ...named(cells) })
      assert.is(toJson(read), toJson(given))
      assert.ok(same(read, given), toJson(given))
    }),
    { numRuns }
  )
})

const python = {
  ...{ timestamp: '2026-11-22T22:35:57.145245+00:00', level: 'ERROR', function_name: 'risky', module: '__main__' },
  ...{
    args: '(0,)',
    kwargs: "{'a': 1}",
    arg_types: 'int, str',
    kwarg_types: '{}',
    return_value: 'None',
    return_type: ''
  },
  ...{
    exception: 'division by zero',
    exception_type: 'ZeroDivisionError',
    traceback: 'Traceback …\n',
    duration_ms: 0.004
  },
  ...{ environment: '', trace_id: 'req-7f3a', version: '1.4.2', llm_analysis: '' }
}

test('reads a row of the Python package, its values as the texts they are', () => {
  const shown = { exception: python.exception, exceptionType: python.exception_type, traceback: python.traceback }
  const context = { traceId: 'req-7f3a', version: '1.4.2', durationMs: 0.004 }
  const {
    returnValue: _value,
    returnType: _type,
    ...call
  } = entry({
    ...{ sequence: 0, spanId: 0, parentId: 0, timestamp: 1795386957145.245, level: 'error', functionName: 'risky' },
    ...{ module: '__main__', params: [], args: ['(0,)'], argTypes: ['int', 'str'], extra: { kwargs: "{'a': 1}" } }
  })
  assert.ok(same(fromRow({ id: 3, ...python }), { ...call, ...shown, ...context }))
  const nothing = Object.fromEntries(COLUMNS.slice(18).map((column) => [column, null]))
  assert.ok(same(fromRow({ id: 3, ...python, ...nothing }), fromRow(python)), 'in a table that has our columns too')
})

test('reads what Python returned, and calls without arguments', () => {
  const returned = fromRow({ ...python, return_value: "{'id': 0}", return_type: 'dict', exception: '', args: '()' })
  assert.equal([returned.returnValue, returned.returnType, returned.exception], ["{'id': 0}", 'dict', undefined])
  assert.equal(returned.args, [])
})

test('puts what it does not know into extra, whatever its name', () => {
  const row = { ...named(toRow(entry({ extra: { a: 1 } }))), note: 'n', constructor: 'c', skipped: null }
  assert.equal(fromRow(row).extra, { a: 1, note: 'n', constructor: 'c' })
})

test('never throws, whatever somebody wrote into a row', () => {
  const wrong = ['', 'x', '{', '[1', '{"$":"undefined"}', '{"toString":1}', '{"$map":1}', 5, -1, Number.NaN, true, {}]
  const odd = [...wrong, { toString: 1 }, [null], undefined, null]
  for (const column of [...COLUMNS, 'id', 'open']) {
    for (const value of odd) {
      for (const row of [
        { ...named(toRow(entry())), [column]: value },
        { ...python, [column]: value },
        { [column]: value }
      ]) {
        const read = fromRow(row)
        toJson(read)
        toRow(read)
        for (const text of [read.functionName, read.exception ?? '', read.traceback ?? '', read.version ?? '']) {
          assert.type(text, 'string')
        }
        assert.type(read.durationMs ?? 0, 'number')
      }
    }
  }
  assert.is(fromRow({ ...named(toRow(entry())), extra: 'not JSON' }).extra.extra, 'not JSON')
  assert.equal(fromRow({ ...named(toRow(entry())), args: '[1' }).args, ['[1'])
})

test.run()
