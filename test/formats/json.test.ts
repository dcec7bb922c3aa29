import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry, Level } from '../../src/core/types.ts'
import { fromJson, toJson } from '../../src/formats/json.ts'
import { LEVEL_NAMES } from '../../src/formats/row.ts'
import { epochMillis, isoMicros } from '../../src/formats/time.ts'
import { slow } from '../_run/runtime.ts'
import { entry, same } from './_entry.ts'
import { keys, texts, values } from './_values.ts'

const test = suite('formats/json')
const numRuns = slow ? 50 : 500
const levels = Object.keys(LEVEL_NAMES) as Level[]
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const entries: fc.Arbitrary<Entry> = fc.record(
  {
    sequence: fc.nat(),
    kind: fc.constantFrom('call', 'message'),
    timestamp: fc.double({ min: -4e12, max: 8e12, noNaN: true }).map((ms) => (Math.round(ms * 1000) || 0) / 1000),
    level: fc.constantFrom(...levels),
    functionName: texts,
    module: texts,
    params: fc.array(texts),
    args: fc.array(values, { maxLength: 4 }),
    argTypes: fc.array(texts),
    returnValue: values.filter((value) => value !== undefined),
    returnType: texts,
    exception: texts,
    exceptionType: texts,
    traceback: texts,
    durationMs: numbers,
    clock: fc.constantFrom('wall', 'frozen'),
    open: fc.constant(true as const),
    spanId: fc.nat(),
    parentId: fc.nat(),
    traceId: texts,
    environment: texts,
    version: texts,
    llmAnalysis: texts,
    extra: fc.dictionary(keys, values, { maxKeys: 3 })
  },
  {
    requiredKeys: [
      ...(['sequence', 'kind', 'timestamp', 'level', 'functionName', 'module', 'params', 'args', 'argTypes'] as const),
      ...(['clock', 'spanId', 'parentId', 'extra'] as const)
    ]
  }
)

test('gives back any entry, from one well-formed line', () => {
  fc.assert(
    fc.property(entries, (given) => {
      const line = toJson(given)
      assert.not.match(line, /[\p{Cc}\p{Cs}\u2028\u2029]/u)
      assert.ok(same(fromJson(line), given), line)
    }),
    { numRuns }
  )
})

test('writes the columns in their order and leaves out what is absent', () => {
  const full = entry({
    ...{
      exception: 'no',
      exceptionType: 'Error',
      traceback: 'Error: no',
      environment: 'prod',
      version: '1',
      traceId: 't'
    },
    ...{ llmAnalysis: 'fine', clock: 'frozen', open: true, extra: { yields: 3 } }
  })
  assert.is(
    Object.keys(JSON.parse(toJson(full))).join(' '),
    'timestamp level function_name module args params arg_types return_value return_type exception exception_type ' +
      'traceback duration_ms environment version trace_id llm_analysis kind span_id parent_id sequence clock open extra'
  )
  assert.is(
    toJson(entry({ args: [], argTypes: [], params: [], module: '', returnValue: undefined, parentId: 0 })),
    '{"timestamp":"2026-11-22T22:35:57.140356+00:00","level":"DEBUG","function_name":"price","return_type":"number",' +
      '"duration_ms":1.2,"kind":"call","span_id":9,"sequence":7}'
  )
})

const spelled = (name: string, value: unknown, json: string): void => {
  test(`spells ${name}`, () => {
    const line = toJson(entry({ returnValue: [value] }))
    assert.ok(line.includes(`"return_value":[${json}],"return_type"`), line)
  })
}
spelled('undefined', undefined, '{"$":"undefined"}')
spelled('NaN', NaN, '{"$":"NaN"}')
spelled('an infinity', -Infinity, '{"$":"-Infinity"}')
spelled('minus zero', -0, '{"$":"-0"}')
spelled('a bigint', 12n, '{"$bigint":"12"}')
spelled('a date', new Date(0), '{"$date":"1970-01-01T00:00:00.000Z"}')
spelled('an invalid date', new Date(NaN), '{"$date":null}')
spelled('a map', new Map([['a', 1n]]), '{"$map":[["a",{"$bigint":"1"}]]}')
spelled('a set', new Set([1, NaN]), '{"$set":[1,{"$":"NaN"}]}')
spelled('a pattern', /a"b/gi, '{"$regexp":["a\\"b","gi"]}')
spelled('bytes', new Uint8Array([1, 2, 255]), '{"$bytes":"AQL/"}')
spelled('a cycle', new Snapshot('cycle', '2'), '{"$cycle":"2"}')
spelled('an instance', new Snapshot('instance', 'Cart', { total: -0 }), '{"$instance":["Cart",{"total":{"$":"-0"}}]}')
spelled('a key of a tag, alone', { $date: 1 }, '{"$$date":1}')
spelled('a key of a tag, with others', { $date: 1, zone: 2 }, '{"$date":1,"zone":2}')
const [high, low] = [String.fromCharCode(0xd800), String.fromCharCode(0xdfff)]
spelled('lone surrogates', `a${high}😀${low}`, '"a\\ud800😀\\udfff"')
spelled('ends of lines that are not newlines', '\u0085\u2028\u2029\x7f', '"\\u0085\\u2028\\u2029\\u007f"')

test('keeps large bytes', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index * 31)
  assert.ok(same(fromJson(toJson(entry({ args: [bytes] }))).args, [bytes]))
})

test('does not call toJSON, nor trip over what throws', () => {
  let called = 0
  const toJSON = () => called++
  const throwing = Object.defineProperty({}, 'secret', {
    enumerable: true,
    get: () => {
      throw new Error('no')
    }
  })
  const cycle: unknown[] = []
  cycle.push([cycle, cycle])
  const date = Object.assign(new Date(0), { toJSON })
  const args = [{ toJSON, kept: 1 }, date, throwing, cycle, Symbol('mark'), 'last']
  const read = fromJson(toJson(entry({ args, extra: { throwing, next: 2 } })))
  assert.is(called, 0)
  assert.ok(
    same(read.args, [
      { toJSON: new Snapshot('function', 'toJSON'), kept: 1 },
      new Date(0),
      new Snapshot('unreadable', ''),
      new Snapshot('unreadable', ''),
      new Snapshot('symbol', 'mark'),
      'last'
    ])
  )
  assert.ok(same(read.extra, { throwing: new Snapshot('unreadable', ''), next: 2 }))
})

test('is not misled by a toJSON on the prototypes', () => {
  const prototype = Object.prototype as { toJSON?: unknown }
  Object.defineProperty(prototype, 'toJSON', { configurable: true, value: () => 'hijacked' })
  try {
    assert.not.match(toJson(entry({ args: [{ a: [1] }] })), 'hijacked')
  } finally {
    delete prototype.toJSON
  }
})

test('writes a time to the microsecond, and reads any', () => {
  assert.is(isoMicros(1795386957140.356), '2026-11-22T22:35:57.140356+00:00')
  assert.is(isoMicros(1795386957000), '2026-11-22T22:35:57.000000+00:00')
  assert.is(isoMicros(1795386957999.9995), '2026-11-22T22:35:58.000000+00:00')
  assert.is(isoMicros(-0.001), '1969-12-31T23:59:59.999999+00:00')
  for (const wrong of [NaN, Infinity, -Infinity, 1e300]) assert.is(isoMicros(wrong), '1970-01-01T00:00:00.000000+00:00')
  assert.is(epochMillis('2026-11-22T22:35:57+00:00'), 1795386957000)
  assert.is(epochMillis('2026-11-22 22:35:57.1'), 1795386957100)
  assert.is(epochMillis('2026-11-23T00:35:57.140356+02:00'), 1795386957140.356)
  assert.is(epochMillis('2026-11-22T22:35:57.140Z'), 1795386957140)
  assert.is(epochMillis('yesterday'), 0)
})

test('reads a line of the Python package', () => {
  const read = fromJson(
    '{"timestamp": "2026-11-22T22:35:57.140356+00:00", "level": "WARNING", "function_name": "price", "module": "__main__", ' +
      `"args": "('sku-0', 1)", "kwargs": "{'discount': 0.0}", "arg_types": "str, int", "kwarg_types": "{'discount': 'float'}", ` +
      '"return_value": "17.5", "return_type": "float", "exception": "", "exception_type": "", "traceback": "", ' +
      '"duration_ms": 0.012, "environment": "prod", "trace_id": "", "version": "1.4.2", "llm_analysis": ""}'
  )
  const expected: Entry = {
    ...entry({ level: 'warn', module: '__main__', args: [`('sku-0', 1)`], argTypes: ['str', 'int'], params: [] }),
    ...{ returnValue: '17.5', returnType: 'float', durationMs: 0.012, environment: 'prod', version: '1.4.2' },
    ...{
      sequence: 0,
      spanId: 0,
      parentId: 0,
      extra: { kwargs: `{'discount': 0.0}`, kwarg_types: `{'discount': 'float'}` }
    }
  }
  assert.equal(read, expected)
  const failed = fromJson(
    '{"timestamp": "x", "level": "ERROR", "function_name": "risky", "args": "()", "kwargs": "{}", "return_value": "None", ' +
      '"return_type": "", "exception": "division by zero", "exception_type": "ZeroDivisionError"}'
  )
  assert.equal([failed.level, failed.args, failed.extra, 'returnValue' in failed], ['error', [], {}, false])
  assert.equal([failed.exception, failed.exceptionType], ['division by zero', 'ZeroDivisionError'])
})

test('reads unknown tags and columns as they are, and refuses what is no line', () => {
  const read = fromJson('{"kind":"call","args":[{"$ref":"x"},{"$bigint":"ten"}],"colour":"red","__proto__":{"x":1}}')
  assert.equal(read.args, [{ $ref: 'x' }, { $bigint: 'ten' }])
  assert.is(read.extra.colour, 'red')
  assert.is(Object.getPrototypeOf(read.extra), Object.prototype)
  for (const line of ['', '{"args":', '[]', 'null', '"text"']) {
    assert.throws(() => fromJson(line), /^\[nfo\] \[json\] cannot read a line: .+; give one JSON object a line$/)
  }
})

test.run()
