import * as fc from 'fast-check'
import type { Entry, Level } from '../../src/core/types.ts'
import { LEVEL_NAMES } from '../../src/formats/row.ts'
import { keys, texts, values } from './_values.ts'

const levels = Object.keys(LEVEL_NAMES) as Level[]
// A duration is never -0, which CSV does not tell from 0.
const durations = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((duration) => duration + 0)

const required = {
  sequence: fc.nat(),
  kind: fc.constantFrom('call' as const, 'message' as const),
  timestamp: fc.double({ min: -4e12, max: 8e12, noNaN: true }).map((ms) => (Math.round(ms * 1000) || 0) / 1000),
  level: fc.constantFrom(...levels),
  functionName: texts,
  module: texts,
  params: fc.array(texts),
  args: fc.array(values, { maxLength: 4 }),
  argTypes: fc.array(texts),
  clock: fc.constantFrom('wall' as const, 'frozen' as const),
  spanId: fc.nat(),
  parentId: fc.nat(),
  extra: fc.dictionary(keys, values, { maxKeys: 3 })
}

const optional = {
  returnValue: values,
  returnType: texts,
  exception: texts,
  exceptionType: texts,
  traceback: texts,
  durationMs: durations,
  traceId: texts,
  environment: texts,
  version: texts,
  llmAnalysis: texts
}

const ended = fc.record(
  { ...required, ...optional },
  { requiredKeys: Object.keys(required) as (keyof typeof required)[] }
)

/** Entries with anything in any place, open calls too. */
export const anyEntries: fc.Arbitrary<Entry> = fc
  .tuple(ended, fc.boolean())
  .map(([entry, open]) => (open && entry.kind === 'call' ? { ...entry, open } : entry) as Entry)
