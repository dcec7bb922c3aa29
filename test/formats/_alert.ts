import fc from 'fast-check'
import type { Alert } from '../../src/formats/alert.ts'
import { entry } from './_entry.ts'

/** An alert about a call that failed; overrides say what is different. */
export function alert(overrides: Partial<Alert['entry']> = {}, numbers: Partial<Omit<Alert, 'entry'>> = {}): Alert {
  const failed = entry({
    level: 'error',
    exceptionType: 'TypeError',
    exception: 'no such price',
    traceback: 'TypeError: no such price\n    at price (shop/cart.ts:7:9)',
    environment: 'production',
    version: '1.2.0',
    traceId: 'abc',
    ...overrides
  })
  return { entry: failed, count: 1, total: 1, first: failed.timestamp, ...numbers }
}

/** What each service would make more of than text. */
export const MARKUP: readonly string[] = [
  '<!channel>',
  '<!here|here>',
  '<@U012AB3CD>',
  '<https://evil.example|click>',
  '@everyone',
  '@here',
  '<@&123456>',
  '<at>Ann</at>',
  '```',
  '`',
  '*bold* _it_ ~no~',
  '# big',
  '[link](https://evil.example)',
  '![image](https://evil.example/x.png)',
  '{{DATE(2026-11-23T00:00:00Z, LONG)}}',
  '&lt;!channel&gt;',
  '\u202egnp.exe',
  '\0\x1b[31m',
  '\ud800'
]

const word = fc.oneof(
  fc.constantFrom(...MARKUP),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constant('é'.repeat(300))
)
const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '))
const long = fc.oneof(
  text,
  fc.integer({ min: 0, max: 9000 }).map((length) => '<`\n'.repeat(length))
)

/** One to ten alerts with anything in them. */
export const anyAlerts: fc.Arbitrary<Alert[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom('call' as const, 'message' as const),
      level: fc.constantFrom('error' as const, 'fatal' as const, 'info' as const),
      functionName: text,
      module: text,
      args: fc.array(fc.anything(), { maxLength: 4 }),
      exception: long,
      exceptionType: text,
      traceback: long,
      llmAnalysis: text,
      environment: text,
      extra: fc.dictionary(fc.string(), fc.anything(), { maxKeys: 3 }),
      timestamp: fc.double()
    })
    .chain((fields) =>
      fc.nat(1e6).map((count) => alert(fields as Partial<Alert['entry']>, { count, total: count * 2, first: 0 }))
    ),
  { minLength: 1, maxLength: 10 }
)
