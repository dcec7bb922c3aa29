import { execFileSync } from 'node:child_process'
import { appendFileSync, statSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { widthOf } from '../../src/cli/_text.ts'
import { toJson } from '../../src/formats/json.ts'
import { skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import {
  fileOf,
  fixture,
  hasTerminal,
  large,
  linesIn,
  nfo,
  nfoScript,
  onTerminal,
  printed,
  RUNTIMES,
  startNfo
} from './_nfo.ts'

const test = suite('nfo query')
const onATerminal = skipUnless(test, hasTerminal, 'no script(1) of util-linux')

type Parsed = Record<string, unknown>

/** The entries that a query finds. */
async function found(...args: string[]): Promise<Parsed[]> {
  return linesIn(await printed(['query', ...args, '--format', 'json'])).map((line) => JSON.parse(line) as Parsed)
}

function countBy(rows: Parsed[], column: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[String(row[column])] = (counts[String(row[column])] ?? 0) + 1
  return counts
}

for (const name of ['python-nfo.db', 'python-nfo.jsonl', 'python-nfo.csv']) {
  test(`${name} has what Python wrote`, async () => {
    const rows = await found(fixture(name))
    assert.is(rows.length, 304)
    assert.equal(countBy(rows, 'level'), { DEBUG: 227, ERROR: 17, INFO: 60 })
    assert.is(rows[0].timestamp, '2026-11-22T22:35:57.140356+00:00')
  })

  test(`every filter works on ${name}`, async () => {
    const path = fixture(name)
    assert.is((await found(path, '--errors')).length, 17)
    assert.is((await found(path, '--level', 'info')).length, 77)
    assert.is((await found(path, '-F', 'Cart.*', '--limit', '0')).length, 61)
    assert.is((await found(path, '--function', 'risky', '--errors')).length, 10)
    assert.is((await found(path, '--text', 'DIVISION by zero')).length, 10)
    assert.is((await found(path, '--module', '__main__', '--env', 'prod', '--trace', 'req-7f3a')).length, 304)
    assert.is((await found(path, '--version', '1.4.2', '--kind', 'call', '--since', '2026-11-22')).length, 304)
    const [slowest, next, ...others] = await found(path, '--order', 'slowest', '--limit', '2', '--min-duration', '0.01')
    assert.ok(Number(slowest.duration_ms) >= Number(next.duration_ms) && others.length === 0)
    assert.is((await nfo(['query', path, '--until', '2026-11-22T22:35:57Z'])).stderr, 'Nothing is found.\n')
  })
}

test('a table shows the newest 50, oldest first, and says that there is more', async () => {
  const { code, stdout, stderr } = await nfo(['query', fixture('python-nfo.db')])
  const lines = linesIn(stdout)
  assert.equal([code, stderr, lines.length], [0, '50 are shown; --limit 0 shows all.\n', 51])
  assert.match(lines[0], /^TIME {21}LEVEL {2}FUNCTION {4}DURATION {2}ARGUMENTS +RESULT$/)
  assert.match(
    lines[1],
    /^2026-11-22 22:35:57\.697 {2}DEBUG {2}Cart\.add {8}2 µs {2}\(<__main__\.Cart object.*… {2}51$/
  )
  assert.match(lines[50], /^2026-11-22 22:35:57\.799/)
  assert.ok(lines.every((line) => widthOf(line) <= 120))
  assert.is(linesIn(await printed(['query', fixture('python-nfo.db'), '--limit', '0'])).length, 305)
})

test('a limit takes the newest, an order decides otherwise', async () => {
  const path = fixture('python-nfo.db')
  const times = async (...args: string[]): Promise<string[]> =>
    (await found(path, '--limit', '2', ...args)).map(({ timestamp }) => String(timestamp).slice(17, 26))
  const [, last] = await times()
  assert.is(last, '57.799657')
  assert.equal((await times('--order', 'newest')).reverse(), await times())
  assert.is((await times('--order', 'oldest'))[0], '57.140356')
})

test('csv has a header and CRLF, md has sections', async () => {
  const csv = await printed(['query', fixture('python-nfo.db'), '--errors', '--format', 'csv', '-F', 'fetch'])
  assert.is(csv.split('\r\n').filter((line) => /^timestamp,level,|^2026-/.test(line)).length, 8)
  const md = await printed(['query', fixture('python-nfo.db'), '--errors', '--format', 'md'])
  assert.match(md, /^# Logs\n\n## 2026-11-22/)
  assert.is(md.match(/^## /gm)?.length, 17)
})

test('a tree puts callers above what they called, run by run', async () => {
  const call = (functionName: string, sequence: number, timestamp: number, parentId = 0) => {
    return { functionName, sequence, timestamp: 1795386957000 + timestamp, spanId: sequence, parentId }
  }
  // As they ended; then the app runs again and numbers anew.
  const path = fileOf([call('inner', 2, 2, 1), call('outer', 1, 1), call('again', 1, 5), call('below', 2, 6, 1)])
  const names = linesIn(await printed(['query', path, '--format', 'tree'])).map(
    (line) => /DEBUG ( *\w+)/.exec(line)?.[1]
  )
  assert.equal(names, ['outer', '  inner', 'again', '  below'])
})

test('what nfo wrote shows its own values', async () => {
  const path = fileOf([
    { args: ['a-1', { deep: [1n] }], durationMs: 1500 },
    { exceptionType: 'RangeError', exception: 'no\nluck', level: 'error', returnValue: undefined },
    {
      kind: 'message',
      functionName: '',
      args: ['it rains'],
      extra: { where: 'Łódź' },
      level: 'warn',
      durationMs: undefined,
      returnValue: undefined
    },
    { open: true, durationMs: 60_000 },
    { extra: { yields: 3, outcome: 'done' }, returnValue: undefined }
  ])
  const [, ...lines] = linesIn(await printed(['query', path]))
  assert.match(lines[0], /DEBUG {2}price +1\.5 s {2}sku: 'a-1', count: \{deep: \[1n\]\} {2}17\.5$/)
  assert.match(lines[1], /ERROR {2}price +1\.2 ms .* RangeError: no\\nluck$/)
  assert.match(lines[2], /WARN +it rains where='Łódź'$/)
  assert.match(lines[3], /1 min 0 s .* still running$/)
  assert.match(lines[4], /3 yields, done$/)
})

test('nothing found is said on standard error, with code 0', async () => {
  for (const format of ['table', 'json', 'tree']) {
    const seen = await nfo(['query', fixture('python-nfo.db'), '--level', 'fatal', '--format', format])
    assert.equal([seen.code, seen.stdout, seen.stderr], [0, '', 'Nothing is found.\n'])
  }
})

test('damaged lines are counted', async () => {
  const path = fileOf([{}])
  appendFileSync(path, '{"timestamp":"2026-\n')
  const { code, stdout, stderr } = await nfo(['query', path, '--format', 'json'])
  assert.equal([code, linesIn(stdout).length, stderr], [0, 1, '1 line or record is damaged and left out.\n'])
})

test('times are local, also those that are typed', async () => {
  const env = { TZ: 'Asia/Kolkata' }
  const path = fixture('python-nfo.db')
  assert.match(await printed(['query', path, '--limit', '1'], { env }), /\n2026-11-23 04:05:57\.799 /)
  const since = ['query', path, '--format', 'json', '--since']
  assert.is(linesIn(await printed([...since, '2026-11-23 04:05:57.7'], { env })).length, 48)
  assert.is(linesIn(await printed([...since, '2026-11-22T22:35:57.7Z'], { env })).length, 48)
  assert.is((await nfo([...since, '2026-11-23 04:06'], { env })).stdout, '')
})

// Controls but for the newline, and what reverses text.
const STEERING = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u
const EVIL = '\x1b]0;owned\x07\x1b[2J\x9b31m\r\u202e\t'
const RED_ERROR = '\x1b[31mERROR\x1b[0m'

onATerminal('nothing in a file steers the terminal', async () => {
  const evil = { functionName: EVIL, module: EVIL, params: [EVIL], exceptionType: EVIL, traceback: EVIL, args: [EVIL] }
  const path = fileOf([{ ...evil, exception: EVIL, extra: { [EVIL]: EVIL }, environment: EVIL, traceId: EVIL }])
  for (const format of ['table', 'tree', 'csv', 'md']) {
    const seen = await onTerminal(['query', path, '--format', format], 100, { NO_COLOR: '1' })
    assert.ok(seen.includes('\\x1b'), seen)
    assert.not.match(seen, STEERING)
  }
  const json = await onTerminal(['query', path, '--format', 'json'], 100)
  assert.not.match(json.replaceAll('\u202e', ''), STEERING)
  const missing = await onTerminal(['query', `none${EVIL}`], 100)
  assert.match(missing, /cannot open none\\x1b\]0;owned/)
  assert.not.match(missing, STEERING)
})

onATerminal('a table fits its terminal', async () => {
  const wide = {
    functionName: '価格を計算する',
    args: ['価格'.repeat(50), '👩‍👩‍👧'.repeat(50)],
    returnValue: '한글'.repeat(40)
  }
  const path = fileOf([wide, {}, { ...wide, args: ['x'.repeat(500)] }])
  for (const columns of [200, 80, 40, 20]) {
    const lines = linesIn(await onTerminal(['query', path], columns, { NO_COLOR: '1' }))
    assert.is(lines.length, 4)
    for (const line of lines) assert.ok(widthOf(line) <= columns, `${widthOf(line)} of ${columns}: ${line}`)
    assert.ok(lines[1].includes('…'))
  }
  assert.match(await onTerminal(['query', path], 99, { NO_COLOR: '1' }), /^22:35:57\.140 {2}DEBUG/m)
})

onATerminal('colours show on a terminal, unless NO_COLOR is set; FORCE_COLOR brings them everywhere', async () => {
  const path = fileOf([{ level: 'error', exception: 'no', exceptionType: 'Error' }])
  const plain = await onTerminal(['query', path], 100, { NO_COLOR: '1' })
  assert.ok((await onTerminal(['query', path], 100)).includes(RED_ERROR))
  assert.ok((await printed(['query', path], { env: { FORCE_COLOR: '1' } })).includes(RED_ERROR))
  assert.not.ok(plain.includes('\x1b'))
  assert.not.ok((await printed(['query', path])).includes('\x1b'))
  assert.is(await onTerminal(['query', path], 100, { FORCE_COLOR: '0' }), plain)
})

for (const format of ['table', 'json', 'csv', 'md']) {
  test(`a reader that leaves ends ${format} quietly and soon`, async () => {
    const path = large(200_000)
    const begun = performance.now()
    const child = await startNfo(['query', path, '--format', format, '--limit', '0'])
    let stderr = ''
    child.stderr.on('data', (text) => void (stderr += text))
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.on('close', resolve))
    assert.equal([code, stderr], [0, ''])
    const whole = performance.now() - begun
    assert.ok(whole < 5000, `${whole} ms`)
  })
}

test('a slow reader is waited for, in little memory', async () => {
  const path = large(200_000)
  const child = await startNfo(['query', path, '--format', 'json'], {
    env: { NODE_OPTIONS: '--max-old-space-size=48' }
  })
  let bytes = 0
  for await (const piece of child.stdout) {
    bytes += (piece as Buffer).length
    if (bytes < 3_000_000) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  assert.is(bytes, statSync(path).size)
})

test('a full disk is an error', async () => {
  const command = `'${process.execPath}' '${await nfoScript()}' query '${fileOf([{}])}' > /dev/full`
  assert.throws(
    () => execFileSync('sh', ['-c', command], { stdio: 'pipe' }),
    (error: { status: number; stderr: Buffer }) =>
      error.status === 1 && /^\[nfo\] \[cli\] cannot write standard output: ENOSPC.*\n$/.test(String(error.stderr))
  )
})

/** Follows a file; `next` gives the next lines it writes. */
async function following(args: string[]) {
  const child = await startNfo(['query', ...args, '-f'])
  const pieces = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]()
  const next = async (): Promise<string[]> => linesIn((await pieces.next()).value as string)
  return { child, next }
}

for (const name of ['python-nfo.jsonl', 'python-nfo.csv']) {
  test(`follows ${name}`, async () => {
    const path = fixture(name)
    const { child, next } = await following([path, '--errors', '--limit', '3', '--format', 'json'])
    assert.is((await next()).length, 3)
    const line = name.endsWith('csv')
      ? '2026-11-23T00:00:00.000000+00:00,ERROR,late,m,(),{},,{},None,,no,E,,1,,,,\n'
      : `${toJson(entry({ functionName: 'late', level: 'error' }))}\n`
    appendFileSync(path, line.replace('ERROR', 'DEBUG').replace('late', 'quiet') + line)
    const [added, ...more] = await next()
    assert.equal([JSON.parse(added).function_name, more], ['late', []])
    child.kill('SIGINT')
    const signal = await new Promise((resolve) => child.on('close', (_code, name) => resolve(name)))
    assert.is(signal, 'SIGINT')
  })
}

test('a table that is followed leaves room for what comes', async () => {
  const path = fileOf([{}])
  const { child, next } = await following([path])
  assert.is((await next()).length, 2)
  appendFileSync(path, `${toJson(entry({ functionName: 'aLongerName' }))}\n`)
  assert.match((await next())[0], / aLongerName /)
  child.stdout.destroy()
  appendFileSync(path, `${toJson(entry())}\n`)
  assert.is(await new Promise((resolve) => child.on('close', resolve)), 0)
})

function refuses(args: string[], code: number, message: RegExp): void {
  test(`refuses ${args.join(' ') || 'nothing'}`, async () => {
    const seen = await nfo(['query', ...args])
    assert.is(seen.code, code, seen.stderr)
    assert.is(seen.stdout, '')
    assert.match(seen.stderr, message)
    assert.is(seen.stderr.split('\n').length, 2)
  })
}

refuses([], 2, /\[nfo\] \[query\] no file is given; use nfo query app\.db/)
refuses(['a', 'b'], 2, /one file to give, not 2/)
refuses(['none.db'], 1, /\[nfo\] \[query\] cannot open none\.db: ENOENT/)
refuses(['src'], 1, /\[nfo\] \[query\] cannot open src: .*name a file, not a folder/)
refuses(['LICENSE'], 1, /\[nfo\] \[query\] cannot read LICENSE: it is none of what nfo reads/)
refuses(['a', '--fromat', 'csv'], 2, /unknown option '--fromat'; did you mean '--format'\?/)
refuses(['a', '-x'], 2, /unknown option '-x'/)
refuses(['a', '--format', 'jsno'], 2, /unknown format 'jsno'; did you mean 'json'\?/)
refuses(['a', '--level', 'eror'], 2, /\[nfo\] \[query\] unknown level 'eror'; did you mean 'error'\?/)
refuses(['a', '--since', 'yesterday'], 2, /\[nfo\] \[query\] --since is 'yesterday'; use a time such as/)
refuses(['a', '--since', '2026-13-40'], 2, /--since is '2026-13-40'/)
refuses(['a', '--min-duration', 'long'], 2, /--min-duration is 'long'; use milliseconds/)
refuses(['a', '--limit', '-1'], 2, /--limit/)
refuses(['a', '--limit', 'many'], 2, /\[nfo\] \[query\] --limit is 'many'; use a whole number/)
refuses(['a', '--last', '1d', '--since', '2d'], 2, /both last and since are given/)
refuses(['a', '-f', '--order', 'newest'], 2, /leave out --order or --follow/)

test('helps with examples', async () => {
  assert.match(
    await printed(['query', '--help']),
    /nfo query FILE \[options\][\s\S]*--min-duration[\s\S]*nfo query app\.db -f/
  )
})

for (const [name, { missing }] of Object.entries(RUNTIMES)) {
  skipUnless(
    test,
    !missing,
    `${missing}`
  )(`runs with ${name}`, async () => {
    const path = fixture('python-nfo.db')
    assert.is(linesIn(await printed(['query', path, '--format', 'csv', '--errors'], { on: name })).length > 17, true)
    assert.is(linesIn(await printed(['query', path, '--format', 'json'], { on: name })).length, 304)
  })
}

test.run()
