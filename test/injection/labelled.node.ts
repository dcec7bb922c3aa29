import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { detectPromptInjection } from '../../src/injection/detect.ts'

interface Labelled {
  label: 0 | 1
  language: string
  kind: string
  text: string
  /**
   * A third was written with the others, and first looked at when the rules were done: recall 0.85, precision 0.88 in the
   * first lot of 330 texts; 13 of 13 and no false alarm in 11 in the second.
   */
  part: 'tuning' | 'held'
}

const test = suite('injection on labelled texts')
const read = (name: string): Labelled[] =>
  readFileSync(`test/fixtures/injection/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Labelled)
const texts = read('labelled')

/** The Python package's patterns, to compare. */
const PYTHON = [
  /ignore\s+(previous|above|all)\s+(instructions|prompts|rules)/i,
  /ignore\s+all\s+previous\s+(instructions|prompts|rules)/i,
  /you\s+are\s+now\s+(a|an|the)\s+/i,
  /system\s*:\s*/i,
  /<\|?(system|im_start|endoftext)\|?>/i,
  /(?:do\s+not|don'?t)\s+follow\s+(your|the)\s+(rules|instructions)/i,
  /reveal\s+(your|the)\s+(system|initial)\s+(prompt|instructions)/i,
  /act\s+as\s+(if|though)\s+you/i,
  /jailbreak/i,
  /DAN\s+mode/i
]

function figures(some: readonly Labelled[], isFound: (text: string) => boolean) {
  const count = (label: number, found: boolean): number =>
    some.filter((one) => one.label === label && isFound(one.text) === found).length
  const hits = count(1, true)
  const alarms = count(0, true)
  return {
    recall: hits / (hits + count(1, false)),
    precision: hits / (hits + alarms),
    falseAlarms: alarms / (alarms + count(0, false))
  }
}

const ours = (text: string): boolean => detectPromptInjection(text) !== undefined
const show = (value: object): string =>
  Object.entries(value)
    .map(([name, share]) => `${name} ${share.toFixed(3)}`)
    .join(', ')

test('are many, half of them harmless, in many languages', () => {
  assert.ok(texts.length >= 400)
  const harmless = texts.filter(({ label }) => label === 0).length / texts.length
  assert.ok(harmless >= 0.45 && harmless <= 0.55)
  assert.ok(new Set(texts.map(({ language }) => language)).size >= 30)
  assert.is(new Set(texts.map(({ text }) => text)).size, texts.length)
})

for (const part of ['tuning', 'held'] as const) {
  test(`are told apart: ${part}`, () => {
    const some = texts.filter((one) => one.part === part)
    const own = figures(some, ours)
    const python = figures(some, (text) => PYTHON.some((pattern) => pattern.test(text)))
    console.log(`  ${part}, ${some.length} texts: ${show(own)}; the Python package: ${show(python)}`)
    assert.ok(own.recall >= 0.9, show(own))
    assert.ok(own.precision >= 0.9, show(own))
    assert.ok(own.recall > 2 * python.recall)
  })
}

test('indirect requests are told from ordinary questions', () => {
  // Before any of them was looked at: recall 0.60, no false alarm.
  const own = figures(read('indirect'), ours)
  console.log(`  indirect: ${show(own)}`)
  assert.ok(own.recall >= 0.75, show(own))
  assert.ok(own.falseAlarms <= 0.02, show(own))
})

test('are found in every language', () => {
  for (const language of new Set(texts.map((one) => one.language))) {
    const some = texts.filter((one) => one.language === language && one.label === 1)
    const found = some.filter(({ text }) => ours(text)).length
    assert.ok(found >= some.length / 2, `${language}: ${found} of ${some.length}`)
  }
})

test.run()
