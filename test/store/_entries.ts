import * as fc from 'fast-check'
import type { Entry, Level } from '../../src/core/types.ts'
import { COLUMNS, type Row, toRow } from '../../src/formats/row.ts'
import type { Filter } from '../../src/store/filter.ts'
import { entry } from '../formats/_entry.ts'
import { texts, values } from '../formats/_values.ts'

const levels: Level[] = ['debug', 'info', 'warn', 'error', 'fatal']
const start = 1795386957140.356
const names = fc.oneof(
  texts,
  fc.constantFrom(
    'price',
    'Cart.add',
    'cart[0]',
    'a?b',
    'PRICE',
    '',
    'Żółć',
    'żółĆ',
    'straße',
    'TypeError: cannot read properties of Żółć',
    'TypeError: cannot read_properties of %',
    'K',
    'k\u212a',
    'ΣΑΣ σας'
  )
)
const times = fc.oneof(
  fc.integer({ min: -50, max: 50 }).map((step) => start + step * 400.001),
  fc.constantFrom(0, 1795386957000, 1795386957140, 1795386957140.3, 1795386957140.35, -1e12, 8.9e12, Number.NaN, 1e300)
)
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined })

/** Entries with few and hostile values, so that filters hit some of them. */
export const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    timestamp: times,
    level: fc.constantFrom(...levels),
    kind: fc.constantFrom('call' as const, 'message' as const),
    functionName: names,
    module: names,
    args: fc.array(fc.oneof(names, values), { maxLength: 2 }),
    returnValue: optional(fc.oneof(names, values)),
    exception: optional(names),
    exceptionType: optional(names),
    traceback: optional(names),
    durationMs: optional(fc.constantFrom(0, 1, 1.5, 250, -1, Number.NaN, Number.POSITIVE_INFINITY)),
    environment: optional(names),
    traceId: optional(names),
    version: optional(names),
    llmAnalysis: optional(names),
    extra: fc.dictionary(names, names, { maxKeys: 2 })
  })
  .map((fields) => {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined)
    return entry({ returnValue: undefined, ...Object.fromEntries(present) })
  })

/** Rows as the Python package writes them, times in ways that its versions and others have. */
export const pythonRow: fc.Arbitrary<Row> = fc.record({
  timestamp: times
    .map((time) => toRow(entry({ timestamp: time }))[0] as string)
    .chain((text) =>
      fc.constantFrom(text, text.slice(0, 26), text.slice(0, 26).replace(/\.0+$/, ''), text.replace('.000000', ''))
    ),
  level: fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'NOTICE', '', null),
  function_name: plain(names),
  module: fc.oneof(plain(names), fc.constant(null)),
  args: plain(names).map((name) => `('${name}', 1)`),
  kwargs: fc.oneof(plain(names), fc.constant('{}')),
  return_value: plain(names),
  exception: plain(names),
  traceback: plain(names),
  duration_ms: fc.constantFrom(0, 1.5, 250, '', null),
  environment: fc.oneof(plain(names), fc.constant('')),
  trace_id: fc.oneof(plain(names), fc.constant('')),
  version: fc.oneof(plain(names), fc.constant(null))
})

// SQLite's own functions see a text only up to its first NUL.
function plain(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return text.map((given) => given.replace(/\0/g, '').toWellFormed())
}

const glob = plain(
  plain(names).chain((name) =>
    fc.constantFrom(
      name,
      `${name.slice(0, 2)}*`,
      `*${name.slice(-2)}`,
      name.replace(/./u, '?'),
      `*${name.slice(1, 3)}*`,
      '*',
      '**?'
    )
  )
)
const part = plain(
  plain(names).chain((name) =>
    fc.constantFrom(name, name.slice(1), name.toUpperCase(), name.toLowerCase(), '%', '_', '\\', '"', `["${name}`)
  )
)
const moments = fc.oneof(
  times.filter((time) => Math.abs(time) < 8e12),
  fc.constantFrom(
    '2026-11-22',
    '2026-11-22T22:35:57Z',
    '2026-11-22T22:35:57.14+00:00',
    '2026-11-22T23:35:57.140356+01:00'
  )
)

export const anyFilter: fc.Arbitrary<Filter> = fc.record(
  {
    level: fc.constantFrom<string>(...levels, 'WARNING', 'Critical'),
    errors: fc.boolean(),
    kind: fc.constantFrom('call' as const, 'message' as const),
    function: glob,
    module: glob,
    environment: plain(names),
    trace: plain(names),
    version: plain(names),
    text: part,
    minDuration: fc.constantFrom(0, 1, 1.5, '0.25s', '1ms'),
    since: moments,
    until: moments,
    order: fc.constantFrom('newest' as const, 'oldest' as const, 'slowest' as const)
  },
  { requiredKeys: [] }
)

/** One field at a time hits more often than all of them. */
export const oneField: fc.Arbitrary<Filter> = anyFilter.chain((filter) =>
  fc.constantFrom({}, ...Object.entries(filter).map(([field, value]) => ({ [field]: value })))
)

export const rowOf = (from: Entry): Row => Object.fromEntries(toRow(from).map((cell, at) => [COLUMNS[at], cell]))
