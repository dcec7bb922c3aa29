import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/index.ts'
import { VERSION } from '../../src/record/version.ts'
import { scratch } from '../_run/runtime.ts'
import { bundle, run, starters } from '../runtimes/_children.ts'

const test = suite('nfo recover')
let script = ''

test.before(async () => {
  script = await bundle(`import '../../src/cli/main.ts'`)
})

const nfo = (...args: string[]) => run([...starters.node, script, ...args])

const CANARY = 'canary-9d1c'
const TOKEN = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${CANARY}`

/** A file as a process leaves it that is killed within `stuck`. */
async function crashed(): Promise<string> {
  const path = scratch('app.nfo')
  const logger = createLogger({ record: { path, size: 65_536, durability: 'each' }, version: '1.2.3' })
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  const outer = logger.wrap((left: number) => add(left, 1) + add(left, 2), 'outer')
  const login = logger.wrap((user: string, password: string, token: string) => {
    throw new Error(`no luck for ${user}: password=${password}, ${token}`)
  }, 'login')
  const stuck = logger.wrap((row: object, _token: string) => {
    logger.flushSync()
    logger.info('before the end', { row })
    return readFileSync(path)
  }, 'stuck')
  for (let i = 0; i < 30; i++) outer(i)
  try {
    login('ann', CANARY, TOKEN)
  } catch {}
  const bytes = stuck(
    { secret: CANARY, note: `Bearer ${TOKEN}`, jwt: TOKEN, deep: [{ url: `https://a:${CANARY}@b.c/` }] },
    TOKEN
  )
  await logger.close()
  writeFileSync(path, bytes)
  return path
}

test('shows the open call first, then what came before, then what is lost', async () => {
  const { code, stdout, stderr } = await nfo('recover', await crashed(), '--last', '3')
  assert.equal([code, stderr], [0, ''])
  const lines = stdout.split('\n')
  assert.match(lines[0], /^process \d+ on node, version 1\.2\.3, nfo \d+\.\d+\.\d+, started 20\d\d-/)
  assert.match(lines[1], /^The process was cut off/)
  assert.match(stdout, /Last sign of life at .* after the start\./)
  const at = lines.indexOf('1 call had not returned:')
  assert.ok(at > 0, stdout)
  assert.match(lines[at + 1], /DEBUG stuck\(row: \{.*note: .*\}, _token: \[redacted\]\) … still running \d/)
  assert.ok(lines.indexOf('The last 3 of 92 calls and messages:') > at + 1, stdout)
  assert.match(stdout, /outer\(left: 29\) → 61/)
  assert.match(stdout, /ERROR login\(user: 'ann'.*✗ Error: no luck/)
  assert.match(stdout, /Nothing is damaged\./)
})

test('--tree puts callers above what they called', async () => {
  const { stdout } = await nfo('recover', await crashed(), '--tree', '--last', '5')
  assert.match(
    stdout,
    /DEBUG outer\(left: 29\).*\n.*DEBUG {3}add\(left: 29, right: 1\).*\n.*DEBUG {3}add\(left: 29, right: 2\)/
  )
  assert.match(stdout, /INFO {4}before the end row=/)
})

test('--json gives one line each, open calls last', async () => {
  const { code, stdout, stderr } = await nfo('recover', await crashed(), '--json')
  assert.is(code, 0)
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.is(rows.length, 93)
  assert.equal([rows[92].function_name, rows[92].open], ['stuck', true])
  assert.ok(rows.slice(0, 92).every(({ open }) => open === undefined))
  assert.match(stderr, /The process was cut off/)
  const last = await nfo('recover', await crashed(), '--json', '--last', '2')
  assert.is(last.stdout.trim().split('\n').length, 3)
})

test('shows no secret, whether known by name or by shape', async () => {
  const path = await crashed()
  for (const args of [['--last', '1000'], ['--json'], ['--tree']]) {
    const { stdout, stderr } = await nfo('recover', path, ...args)
    assert.ok(stdout.length > 1000)
    assert.not.ok((stdout + stderr).includes(CANARY), stdout)
  }
})

test('a damaged file is read as far as it goes', async () => {
  const path = await crashed()
  const bytes = readFileSync(path)
  bytes.fill(1, 0, 1024)
  bytes.fill(1, 26_000, 27_000)
  writeFileSync(path, bytes)
  const { code, stdout } = await nfo('recover', path)
  assert.is(code, 0)
  assert.match(stdout, /The header is damaged\.\nLost: \d+ calls and messages, in \d+ damaged or torn blocks\./)
  assert.match(stdout, /stuck\(row: /)
})

test('names the file of an earlier run', async () => {
  const path = await crashed()
  const logger = createLogger({ record: path })
  await logger.close()
  const { stdout } = await nfo('recover', path)
  assert.match(stdout, /The logger was closed at 20.*\n[\s\S]*An earlier run is in \S+app\.nfo\.1\n/)
  assert.match((await nfo('recover', `${path}.1`)).stdout, /stuck\(row: /)
})

function refuses(args: string[], code: number, message: RegExp): void {
  test(`refuses ${args.join(' ') || 'nothing'}`, async () => {
    const seen = await nfo(...args)
    assert.is(seen.code, code, seen.stderr)
    assert.is(seen.stdout, '')
    assert.match(seen.stderr, message)
  })
}

refuses(['recvoer'], 2, /^\[nfo\] \[cli\] unknown command 'recvoer'; did you mean 'recover'\?\n$/)
refuses(['--versoin'], 2, /unknown option '--versoin'; did you mean '--version'\?/)
refuses(['recover', 'a.nfo', '--jsn'], 2, /\[cli\] unknown option '--jsn'; did you mean '--json'\?/)
refuses(['recover', 'a.nfo', '--last'], 2, /\[nfo\] \[cli\] .*--last.*; see --help/)
refuses(['recover', 'a.nfo', '--last', '-1'], 2, /\[nfo\] \[cli\] |--last is '-1'/)
refuses(['recover', 'package.json', '--last', 'x'], 1, /package\.json is no record file/)
refuses(['recover'], 2, /\[nfo\] \[recover\] no file is given; use nfo recover app\.nfo/)
refuses(['recover', 'a', 'b'], 2, /one file to give, not 2/)
refuses(['recover', 'none.nfo'], 1, /^\[nfo\] \[recover\] cannot read none\.nfo: ENOENT.*; check the path/)
refuses(['recover', 'src'], 1, /cannot read src: EISDIR.*; name a file, not a folder/)
refuses(['recover', 'package.json'], 1, /package\.json is no record file, or nothing of it is left; give the path/)

test('helps', async () => {
  for (const args of [[], ['--help'], ['help']])
    assert.match((await nfo(...args)).stdout, / {2}nfo COMMAND[\s\S]*recover/)
  for (const args of [
    ['recover', '--help'],
    ['help', 'recover']
  ]) {
    const { code, stdout } = await nfo(...args)
    assert.is(code, 0)
    assert.match(stdout, /nfo recover FILE \[options\][\s\S]*--last N[\s\S]*nfo recover app\.nfo/)
  }
  assert.is((await nfo('--version')).stdout, `${VERSION}\n`)
})

/** What a child wrote before its reader went away, and how it ended. */
async function closedPipe(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = ''
  child.stderr?.on('data', (text) => {
    stderr += text
  })
  child.stdout?.destroy()
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stderr }
}

test('a closed pipe ends it quietly', async () => {
  const child = spawn(process.execPath, [script, 'recover', await crashed(), '--last', '1000'])
  assert.equal(await closedPipe(child), { code: 0, stderr: '' })
})

for (const name of ['deno', 'bun']) {
  test(`runs on ${name}`, async () => {
    if (!starters[name][0]) return
    const { code, stdout } = await run([...starters[name], script, 'recover', await crashed()])
    assert.is(code, 0)
    assert.match(stdout, /stuck\(row: /)
  })
}

test.run()
