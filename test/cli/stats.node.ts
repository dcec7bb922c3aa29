import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { widthOf } from '../../src/cli/_text.ts'
import { skipUnless } from '../_run/runtime.ts'
import { fileOf, fixture, hasTerminal, linesIn, nfo, onTerminal, printed, RUNTIMES } from './_nfo.ts'

const test = suite('nfo stats')
const onATerminal = skipUnless(test, hasTerminal, 'no script(1) of util-linux')

const HEAD = `304 calls, 17 errors (5.6 %), 0 messages
from 2026-11-22 22:35:57.140 to 2026-11-22 22:35:57.799

FUNCTION    CALLS  ERRORS    P50    P95    P99    MAX
price          63       0   5 µs   8 µs  14 µs  14 µs
`

for (const name of ['python-nfo.db', 'python-nfo.jsonl', 'python-nfo.csv']) {
  test(`of ${name}`, async () => {
    const text = await printed(['stats', fixture(name)])
    assert.is(text.slice(0, HEAD.length), HEAD)
    assert.match(text, /\nCalls by the hour, ▒ failed:\n2026-11-22 22:00 {2}█{38}▒▒ {2}304, 17 errors\n/)
    assert.match(
      text,
      /\nThe slowest calls:\nDURATION {2}TIME +FUNCTION {2}ARGUMENTS\n +31 µs {2}2026-11-22 22:35:57\.642 {2}fetch /
    )
    assert.match(
      text,
      /\nFailing most:\nERRORS {2}OF CALLS {4}RATE {2}FUNCTION\n +10 +60 {2}16\.7 % {2}risky\n +7 +60 {2}11\.7 % {2}fetch\n$/
    )
  })
}

test('as JSON, of what a filter leaves', async () => {
  const stats = JSON.parse(await printed(['stats', fixture('python-nfo.db'), '-F', 'risky', '--format', 'json']))
  assert.equal([stats.calls, stats.errors, stats.functions.length], [60, 10, 1])
  assert.equal(stats.functions[0].name, 'risky')
  assert.is(stats.slowest[0].function_name, 'risky')
  assert.equal(stats.hours, [{ hour: '2026-11-22T22:00:00+00:00', calls: 60, errors: 10 }])
})

test('of nothing', async () => {
  assert.is(await printed(['stats', fixture('python-nfo.db'), '--level', 'fatal']), 'Nothing is found.\n')
})

test('only the busiest functions and the last hours are shown', async () => {
  const calls = Array.from({ length: 30 }, (_, index) => {
    return { functionName: `f${index}`, timestamp: 1795386957140 + index * 3_600_000 }
  })
  const text = await printed(['stats', fileOf(calls)])
  assert.match(text, /\nand 10 more functions; --format json has all\n/)
  assert.is(text.match(/ 1$/gm)?.length, 24)
  assert.match(text, /\n2026-11-24 03:00 {2}█{40} {2}1\n/)
})

onATerminal('nothing in a file steers the terminal, and it fits', async () => {
  const evil = 'e\x1b[2J\x9b31m\u202e'
  const path = fileOf([
    { functionName: evil, module: evil, exception: evil, exceptionType: evil, level: 'error', args: [evil] }
  ])
  for (const format of ['table', 'json']) {
    assert.not.match(await onTerminal(['stats', path, '--format', format], 80, { NO_COLOR: '1' }), /(?!\n)\p{Cc}/u)
  }
  const lines = linesIn(await onTerminal(['stats', fixture('python-nfo.db')], 60, { NO_COLOR: '1' }))
  for (const line of lines.filter((one) => !one.includes('█'))) assert.ok(widthOf(line) <= 60, line)
})

test('refuses what it does not know', async () => {
  const seen = await nfo(['stats', 'a', '--order', 'newest'])
  assert.equal([seen.code, seen.stdout], [2, ''])
  assert.match(seen.stderr, /unknown option '--order'/)
  assert.match((await nfo(['stats'])).stderr, /\[nfo\] \[stats\] no file is given; use nfo stats app\.db/)
  assert.match((await nfo(['stats', 'a', '--level', 'x'])).stderr, /\[nfo\] \[stats\] unknown level 'x'/)
  assert.match((await nfo(['stats', 'none'])).stderr, /\[nfo\] \[stats\] cannot open none/)
})

for (const [name, { missing }] of Object.entries(RUNTIMES)) {
  skipUnless(
    test,
    !missing,
    `${missing}`
  )(`runs with ${name}`, async () => {
    assert.ok((await printed(['stats', fixture('python-nfo.db')], { on: name })).startsWith(HEAD))
  })
}

test.run()
