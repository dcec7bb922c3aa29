import type { Entry } from '../../src/core/types.ts'
import { entry } from '../formats/_entry.ts'

const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('')
const texts = [
  '',
  controls,
  '\0',
  'a\0b',
  "'",
  '"',
  '`',
  "'); DROP TABLE logs; --",
  '\n',
  '\r\n',
  '\t',
  '\\',
  '\ud800',
  'x\udc00y',
  '\u202eright to left\u202c',
  'עברית العربية',
  '👩‍👧 \u{10ffff}',
  'e\u0301',
  '\u2028\u2029\ufeff',
  '{"$text":"x"}',
  '=1+1',
  'x'.repeat(1_000_000),
  'ł'.repeat(500_000)
]

/** Every text in every place that takes one. */
export function hostileEntries(): Entry[] {
  return texts.flatMap((text, index) => [
    entry({ sequence: 2 * index, functionName: text, module: text, args: [text], argTypes: [text], params: [text] }),
    entry({
      sequence: 2 * index + 1,
      level: 'error',
      returnValue: { [text]: text },
      returnType: text,
      exception: text,
      exceptionType: text,
      traceback: text,
      environment: text,
      traceId: text,
      version: text,
      llmAnalysis: text,
      extra: { [text]: text }
    })
  ])
}
