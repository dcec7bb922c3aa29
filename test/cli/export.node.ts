import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipUnless } from '../_run/runtime.ts'
import { fileOf, fixture, hasTerminal, large, linesIn, nfo, onTerminal, printed, RUNTIMES, startNfo } from './_nfo.ts'

const test = suite('nfo export')
const onATerminal = skipUnless(test, hasTerminal, 'no script(1) of util-linux')

const BY_LEVEL = 'SELECT level, count(*) FROM logs GROUP BY level ORDER BY level'

/** Exports, and gives the path of the result. */
async function exported(from: string, name: string, ...options: string[]): Promise<string> {
  const out = join(dirname(from), name)
  const { code, stdout, stderr } = await nfo(['export', from, out, ...options])
  assert.equal([code, stdout], [0, ''], stderr)
  assert.match(stderr, /^[\d,]+ entr(y is|ies are) in .*\.\n$/)
  return out
}

for (const name of ['python-nfo.db', 'python-nfo.jsonl', 'python-nfo.csv']) {
  test(`${name} to every format, all of it`, async () => {
    const from = fixture(name)
    for (const ending of ['db', 'jsonl', 'csv']) {
      const out = await exported(from, `out.${ending}`)
      assert.is(
        await printed(['sql', out, BY_LEVEL, '--format', 'csv']),
        'level,count(*)\r\nDEBUG,227\r\nERROR,17\r\nINFO,60\r\n'
      )
    }
    const md = readFileSync(await exported(from, 'out.md'), 'utf8')
    assert.equal([md.match(/^## /gm)?.length, md.match(/^## \S+ \| ERROR/gm)?.length], [304, 17])
    assert.equal(readdirSync(dirname(from)).sort(), [name, 'out.csv', 'out.db', 'out.jsonl', 'out.md'].sort())
  })
}

test('nothing is lost on the way through all of them', async () => {
  const hostile = ['=1+1', 'a"b,c\r\nd', '\x1b[2J\0', '\ud800', '{"$text":"x"}', '| `x` |', 'Zażółć 価格 😀', '']
  const from = fileOf(
    hostile.map((text, sequence) => ({ sequence, functionName: text, args: [text, -0, 10n], exception: text }))
  )
  const [, ...rest] = await Promise.all([exported(from, 'a.db'), exported(from, 'a.csv')])
  const back = [await exported(join(dirname(from), 'a.db'), 'b.csv'), ...rest]
  for (const [index, path] of back.entries()) {
    assert.is(readFileSync(await exported(path, `back-${index}.jsonl`), 'utf8'), readFileSync(from, 'utf8'))
  }
})

test('filters, a limit and an order decide what is written', async () => {
  const from = fixture('python-nfo.db')
  const errors = readFileSync(await exported(from, 'errors.jsonl', '--errors'), 'utf8')
  assert.is(linesIn(errors).length, 17)
  const newest = readFileSync(await exported(from, 'newest.json', '--order', 'newest', '--limit', '3'), 'utf8')
  const times = linesIn(newest).map((line) => JSON.parse(line).timestamp)
  assert.equal([times.length, times[0] > times[2]], [3, true])
  const last = readFileSync(await exported(from, 'last.json', '--limit', '3'), 'utf8')
  assert.equal(linesIn(last), linesIn(newest).reverse())
})

test('nothing found still makes a file', async () => {
  const from = fixture('python-nfo.db')
  for (const name of ['none.db', 'none.csv', 'none.jsonl']) {
    const out = await exported(from, name, '--level', 'fatal')
    assert.ok(existsSync(out))
    const { code, stdout } = await nfo(['query', out, '--format', 'json'])
    assert.equal([code, stdout], [0, ''])
  }
})

test('- is standard output', async () => {
  const from = fixture('python-nfo.db')
  assert.is(linesIn(await printed(['export', from, '-', '--format', 'json'])).length, 304)
  const csv = await printed(['export', from, '-', '--format', 'csv', '--errors', '-F', 'fetch'])
  assert.match(csv, /^timestamp,level,[\w,]*\r\n2026-11-22T/)
})

test('what is there already stays, unless --force is given', async () => {
  const from = fixture('python-nfo.db')
  const out = join(dirname(from), 'out.csv')
  writeFileSync(out, 'mine')
  const refused = await nfo(['export', from, out])
  assert.equal([refused.code, readFileSync(out, 'utf8')], [1, 'mine'])
  assert.match(
    refused.stderr,
    /^\[nfo\] \[export\] .*out\.csv is there already; choose another name, or replace it with --force\n$/
  )
  await exported(from, 'out.csv', '--force')
  assert.match(readFileSync(out, 'utf8'), /^timestamp,/)
})

test('a file can replace itself', async () => {
  const from = fixture('python-nfo.db')
  await exported(from, 'python-nfo.db', '--force', '--errors')
  assert.is(await printed(['sql', from, BY_LEVEL, '--format', 'csv']), 'level,count(*)\r\nERROR,17\r\n')
})

test('a database that is in use is not replaced', async () => {
  const from = fixture('python-nfo.jsonl')
  const out = join(dirname(from), 'out.db')
  writeFileSync(`${out}-wal`, 'x')
  const { code, stderr } = await nfo(['export', from, out, '--force'])
  assert.is(code, 1)
  assert.match(stderr, /out\.db-wal shows a database in use; choose another name/)
  assert.not.ok(existsSync(out))
})

// An export of that many takes seconds.
const MANY = 300_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

for (const [name, signal] of [
  ['out.csv', 'SIGINT'],
  ['out.db', 'SIGINT'],
  ['out.md', 'SIGTERM']
] as const) {
  test(`${signal} leaves nothing of ${name}`, async () => {
    const from = large(MANY)
    const folder = dirname(from)
    const out = join(folder, name)
    writeFileSync(out, 'mine')
    const child = await startNfo(['export', from, out, '--force'])
    const ended = new Promise((resolve) => child.on('close', (_code, by) => resolve(by)))
    while (!readdirSync(folder).some((file) => file.endsWith('.tmp'))) await pause(10)
    await pause(300)
    child.kill(signal)
    assert.is(await ended, signal)
    assert.equal(readdirSync(folder).sort(), ['large.jsonl', name].sort())
    assert.is(readFileSync(out, 'utf8'), 'mine')
  })
}

test('what fails leaves nothing', async () => {
  const from = fixture('python-nfo.jsonl')
  const { code, stderr } = await nfo(['export', from, join(dirname(from), 'no/such/folder.csv')])
  assert.is(code, 1)
  assert.match(
    stderr,
    /^\[nfo\] \[export\] cannot write .*folder\.csv: ENOENT.*; check the path and its permissions\n$/
  )
  assert.equal(readdirSync(dirname(from)), ['python-nfo.jsonl'])
})

test('a source that breaks on the way leaves nothing', async () => {
  const lines = large(20_000)
  const from = await exported(lines, 'app.db')
  const bytes = readFileSync(from)
  writeFileSync(from, bytes.fill(0xa5, bytes.length >> 1, bytes.length - 100_000))
  for (const name of ['out.csv', 'out.db']) {
    const { code, stderr } = await nfo(['export', from, join(dirname(from), name)])
    assert.is(code, 1)
    assert.match(stderr, /^\[nfo\] \[\w+\] .*malformed/)
    assert.equal(readdirSync(dirname(from)).sort(), ['app.db', 'large.jsonl'])
  }
})

test('a reader that leaves ends it quietly', async () => {
  const child = await startNfo(['export', large(MANY), '-', '--format', 'csv'])
  let stderr = ''
  child.stderr.on('data', (text) => void (stderr += text))
  child.stdout.once('data', () => child.stdout.destroy())
  assert.equal([await new Promise((resolve) => child.on('close', resolve)), stderr], [0, ''])
})

onATerminal('a bar shows when it takes longer than a second, and goes away', async () => {
  const from = large(150_000)
  const seen = (await onTerminal(['export', from, join(dirname(from), 'out.csv')], 100)).replaceAll('\x1b', 'ESC')
  assert.match(seen, /\r[\d,]+, [\d,]+ a secondESC\[K/)
  assert.match(seen, /\rESC\[K150,000 entries are in .*out\.csv\.\n$/)
})

onATerminal('names of files cannot steer the terminal', async () => {
  const from = fixture('python-nfo.db')
  const seen = await onTerminal(['export', from, join(dirname(from), 'a\x1b[2Jb.csv')], 100)
  assert.match(seen, /^304 entries are in .*a\\x1b\[2Jb\.csv\.\n$/)
  const again = await onTerminal(['export', from, join(dirname(from), 'a\x1b[2Jb.csv')], 100)
  assert.match(again, /a\\x1b\[2Jb\.csv is there already/)
})

function refuses(args: string[], code: number, message: RegExp): void {
  test(`refuses ${args.join(' ') || 'nothing'}`, async () => {
    const seen = await nfo(['export', ...args])
    assert.equal([seen.code, seen.stdout], [code, ''], seen.stderr)
    assert.match(seen.stderr, message)
  })
}

refuses([], 2, /\[nfo\] \[export\] two files are needed; use nfo export app\.db app\.csv/)
refuses(['a', 'b', 'c'], 2, /there are more than two files/)
refuses(['a.db', 'b.xls'], 2, /cannot tell the format of b\.xls; give --format, or a name that ends with \.db, /)
refuses(['a.db', '-'], 2, /'-' needs a format that is text; give --format json, csv or md/)
refuses(['a.db', '-', '--format', 'jsn'], 2, /unknown format 'jsn'; did you mean 'json'\?/)
refuses(['none.db', 'out.csv'], 1, /\[nfo\] \[export\] cannot open none\.db/)
refuses(['a.db', 'b.csv', '--frce'], 2, /did you mean '--force'\?/)

for (const [name, { missing }] of Object.entries(RUNTIMES)) {
  skipUnless(
    test,
    !missing,
    `${missing}`
  )(`runs with ${name}`, async () => {
    const from = fixture('python-nfo.csv')
    const out = join(dirname(from), 'out.db')
    const { code, stderr } = await nfo(['export', from, out], { on: name })
    assert.equal([code, stderr], [0, `304 entries are in ${out}.\n`])
    assert.equal(readdirSync(dirname(from)).sort(), ['out.db', 'python-nfo.csv'])
    assert.is(
      await printed(['sql', out, BY_LEVEL, '--format', 'csv']),
      'level,count(*)\r\nDEBUG,227\r\nERROR,17\r\nINFO,60\r\n'
    )
  })
}

test.run()
