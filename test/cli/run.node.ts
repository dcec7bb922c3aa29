import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { fromJson } from '../../src/formats/json.ts'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundle, linesOf } from '../runtimes/_children.ts'
import { select } from '../sinks/_readBack.ts'

const test = suite('nfo run')
let script = ''

test.before(async () => {
  script = await bundle(`import '../../src/cli/main.ts'`)
})

interface Seen {
  code: number | null
  signal: string | null
  stdout: Buffer
  stderr: string
}

interface Setting {
  input?: string
  cwd?: string
  env?: Record<string, string>
  binary?: string
  /** Does something with the process once it has printed. */
  onOutput?(child: ChildProcess): void
}

function start(args: string[], { input, cwd, env, binary = process.execPath, onOutput }: Setting = {}): Promise<Seen> {
  const child = spawn(binary, [script, ...args], { cwd, env: { ...process.env, ...env }, detached: true })
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 9000)
  const chunks: Buffer[] = []
  let stderr = ''
  child.stdout.once('data', () => onOutput?.(child))
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => void (stderr += chunk))
  child.stdin.on('error', () => {}).end(input)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout: Buffer.concat(chunks), stderr })
    })
  })
}

/** Runs a command; the one entry that is recorded, and what the caller of `nfo run` saw. */
async function recorded(command: string[], { options = [], ...setting }: Setting & { options?: string[] } = {}) {
  const path = scratch('run.jsonl')
  const seen = await start(['run', '--sink', `json:${path}`, ...options, '--', ...command], setting)
  const entries: Entry[] = linesOf(path).map(fromJson)
  assert.is(entries.length, 1, seen.stderr)
  return { ...seen, path, entry: entries[0] }
}

const node = (code: string): string[] => [process.execPath, '-e', code]
const shell = (code: string, ...args: string[]): string[] => ['sh', '-c', code, ...args]

test('records a command that went well as a call that returned 0', async () => {
  const before = Date.now()
  const { code, entry } = await recorded(shell('echo one; echo two; echo three >&2', 'x'), {
    env: { NFO_ENV: 'lab', NFO_VERSION: '4.2' }
  })
  assert.is(code, 0)
  const { timestamp, durationMs, ...rest } = entry
  assert.ok(timestamp >= before - 5 && timestamp <= Date.now() + 5)
  assert.ok(durationMs! > 0 && durationMs! < Date.now() - before)
  assert.equal(rest, {
    sequence: 1,
    kind: 'call',
    level: 'info',
    functionName: 'sh',
    module: '',
    params: [],
    args: ['-c', 'echo one; echo two; echo three >&2', 'x'],
    argTypes: ['string', 'string', 'string'],
    returnValue: 0,
    returnType: 'number',
    clock: 'wall',
    spanId: 1,
    parentId: 0,
    environment: 'lab',
    version: '4.2',
    extra: { exitCode: 0, cwd: process.cwd(), stdout: 'one\ntwo', stderr: 'three' }
  })
})

test('passes an exit code on and records it as an error', async () => {
  const { code, signal, entry } = await recorded(shell('exit 3'), { options: ['--name', 'backup'] })
  assert.equal([code, signal], [3, null])
  assert.equal(
    [entry.functionName, entry.level, entry.exception, entry.extra.exitCode],
    ['backup', 'error', 'exit code 3', 3]
  )
  assert.not.ok('returnValue' in entry)
})

for (const name of ['SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGPIPE', 'SIGUSR1'] as const) {
  test(`dies of ${name} like the command`, async () => {
    const { code, signal, entry } = await recorded(shell(`ulimit -c 0; kill -${name.slice(3)} $$`))
    assert.equal([code, signal], [null, name])
    assert.equal([entry.level, entry.exception, entry.extra.signal], ['error', `signal ${name}`, name])
    assert.is(entry.extra.exitCode, null)
  })
}

test('says and records what cannot be started: 127 and 126', async () => {
  const missing = await recorded(['no-such-command', '-x'])
  assert.is(missing.code, 127)
  assert.match(missing.stderr, /^\[nfo\] \[run\] cannot start no-such-command: command not found; check .*\n$/)
  assert.equal([missing.entry.exception, missing.entry.extra.exitCode], ['command not found', 127])
  const path = scratch('script')
  writeFileSync(path, 'echo hi\n')
  const locked = await recorded([path])
  assert.is(locked.code, 126)
  assert.match(locked.stderr, /cannot start \S+-script: permission denied; /)
  assert.is(locked.entry.exception, 'permission denied')
  writeFileSync(path, '#!/no/such/interpreter\n')
  chmodSync(path, 0o755)
  assert.match((await recorded([path])).stderr, /the program that its first line names was not found/)
})

test('passes bytes through in both directions as they are', async () => {
  const bytes = randomBytes(1_500_000)
  const path = scratch('bytes')
  writeFileSync(path, bytes)
  const { stdout } = await recorded(['cat', path])
  const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex')
  assert.is(hash(stdout), hash(bytes))
  const echoed = await recorded(['cat'], { input: 'line one\nline two' })
  assert.is(`${echoed.stdout}`, 'line one\nline two')
  assert.is(echoed.entry.extra.stdout, 'line one\nline two')
})

test('output comes as it is written, not at the end', async () => {
  let first = 0
  await recorded(shell('echo early; sleep 0.6'), {
    onOutput: () => {
      first = Date.now()
    }
  })
  assert.ok(Date.now() - first > 400, `${Date.now() - first} ms before the end`)
})

test('gives the command pipes that can be opened by name', async () => {
  const { code, stderr, entry } = await recorded(shell('echo named >/dev/stderr && echo out >/dev/stdout'))
  assert.equal([code, stderr], [0, 'named\n'])
  assert.equal([entry.extra.stdout, entry.extra.stderr], ['out', 'named'])
})

test('does without such pipes where there is no place for them', async () => {
  const { code, stdout, entry } = await recorded(shell('echo out; exit 2'), { env: { TMPDIR: '/no/such/folder' } })
  assert.equal([code, `${stdout}`, entry.extra.stdout], [2, 'out\n', 'out'])
})

test('keeps the last lines, as many as asked for, each within bounds', async () => {
  const many = `for (let i = 1; i <= 30000; i++) console.log('line ' + i)`
  const byDefault = (await recorded(node(many))).entry.extra.stdout as string
  assert.equal([byDefault.split('\n').length, byDefault.split('\n')[0]], [20, 'line 29981'])
  const three = await recorded(node(many), { options: ['--lines', '3'] })
  assert.is(three.entry.extra.stdout, 'line 29998\nline 29999\nline 30000')
  assert.is((await recorded(node(many), { options: ['--lines', '0'] })).entry.extra.stdout, '')
  const wide = (await recorded(node(`console.log('x'.repeat(50000)); console.log('10%\\r50%\\r100%')`))).entry.extra
  assert.is(wide.stdout, `${'x'.repeat(1000)}…\n100%`)
})

test('lets a flood through in constant memory', async () => {
  const total = 300_000_000
  let [received, peak] = [0, 0]
  const path = scratch('flood.jsonl')
  const args = [script, 'run', '--sink', `json:${path}`, '--', 'head', '-c', String(total), '/dev/zero']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', (chunk) => {
    if (received === 0) {
      child.stdout.pause()
      setTimeout(() => child.stdout.resume(), 300)
    }
    const isDue = received >> 24 !== (received += chunk.length) >> 24
    if (isDue && existsSync(`/proc/${child.pid}/status`)) {
      const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
      peak = Math.max(peak, Number(kilobytes ?? 0) / 1024)
    }
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  assert.equal([code, received], [0, total])
  assert.ok(peak < 160, `${peak} MB`)
})

test('the reader that goes away ends the command as it would without us', async () => {
  const { signal, entry } = await recorded(['yes'], { onOutput: (child) => child.stdout!.destroy() })
  assert.is(signal, 'SIGPIPE')
  assert.is(entry.extra.signal, 'SIGPIPE')
})

test('a command may close its output early', async () => {
  const { code, entry } = await recorded(shell('echo out; exec >&- 2>&-; sleep 0.3; exit 4'))
  assert.equal([code, entry.extra.stdout], [4, 'out'])
  assert.ok(entry.durationMs! >= 300)
})

test('does not wait for what goes on in the background', async () => {
  const began = Date.now()
  const quiet = await recorded(shell('sleep 9 & echo started'))
  assert.equal([quiet.code, `${quiet.stdout}`], [0, 'started\n'])
  const loud = await recorded(shell('yes & echo started >&2; sleep 0.1'))
  assert.is(loud.code, 0)
  assert.is(loud.entry.extra.stderr, 'started')
  assert.ok(Date.now() - began < 8000, `${Date.now() - began} ms`)
})

test('what a slow reader has not taken when the command ends is not lost', async () => {
  const { stdout } = await recorded(shell('echo begin; head -c 430000 /dev/zero'), {
    onOutput(child) {
      child.stdout!.pause()
      setTimeout(() => child.stdout!.resume(), 700)
    }
  })
  assert.is(stdout.length, 430_006)
})

/** Counts how often a signal comes, then ends. */
const counting = (signal: string): string[] =>
  node(`let count = 0
    process.on('${signal}', () => { if (++count === 1) setTimeout(() => { console.log('count', count); process.exit(7) }, 300) })
    console.log('ready')
    setTimeout(() => {}, 6000)`)

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) {
  test(`hands ${name} on, once`, async () => {
    const { code, stdout } = await recorded(counting(name), { onOutput: (child) => void child.kill(name) })
    assert.equal([code, `${stdout}`], [7, 'ready\ncount 1\n'])
  })
}

test('a command that has no handler ends of a signal that is handed on, and so does nfo', async () => {
  const { signal, entry } = await recorded(shell('echo ready; exec sleep 6'), {
    onOutput: (child) => void child.kill('SIGTERM')
  })
  assert.equal([signal, entry.exception], ['SIGTERM', 'signal SIGTERM'])
})

const python = spawnSync('python3', ['--version']).status === 0
const onTerminal = skipUnless(test, python, 'python3 is not here to make a terminal')
const TERMINAL = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
try:
    while True:
        seen += os.read(fd, 65536)
        if seen.count(b'ready') == 1 and b'^C' not in seen: os.write(fd, b'\\x03')
except OSError: pass
sys.stdout.buffer.write(seen)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

onTerminal('Ctrl-C at a terminal reaches the command once, and nfo waits for it', async () => {
  for (const options of [[], ['--no-capture']]) {
    const path = scratch('terminal.jsonl')
    const nfo = [process.execPath, script, 'run', '--sink', `json:${path}`, ...options, '--', ...counting('SIGINT')]
    const child = spawn('python3', ['-c', TERMINAL, ...nfo], { stdio: ['ignore', 'pipe', 'inherit'] })
    let seen = ''
    child.stdout.on('data', (chunk) => void (seen += chunk))
    const code = await new Promise((resolve) => child.on('close', resolve))
    assert.match(seen, /count 1\r\n/)
    assert.is(code, 7)
    assert.is(linesOf(path).length, 1)
  }
})

test('--no-capture leaves the output alone', async () => {
  const { stdout, entry } = await recorded(node('console.log(require("fs").fstatSync(1).isFIFO())'), {
    options: ['--no-capture']
  })
  // The pipe of this test is a socket.
  assert.is(`${stdout}`, 'false\n')
  assert.equal(entry.extra, { exitCode: 0, cwd: process.cwd() })
})

const CANARY = 'canary-7f2e'
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${CANARY}`

test('leaves secrets out of arguments and lines, and passes them through', async () => {
  const said = `password=${CANARY}\\nAuthorization: Bearer ${JWT}\\n+ login --token ${CANARY}\\n${JWT}`
  const secrets = [
    ['--password', CANARY],
    [`--api-key=${CANARY}, ${CANARY} "${CANARY}`],
    ['-token', CANARY],
    [`DB_PASSWORD=${CANARY}`],
    [`-Dpassword=${CANARY}`],
    ['mysql', `-p${CANARY}`],
    ['curl', '-u', CANARY, `-uann:${CANARY}`, '-H', `Cookie: ${CANARY}`],
    [`https://ann:${CANARY}@example.org/?access_token=${CANARY}`],
    [`psql --user ann --password ${CANARY} shop`],
    [JWT]
  ]
  const { stdout, path, entry } = await recorded([
    'printf',
    said,
    ...secrets.flat(),
    '--user',
    'ann',
    '-v',
    'author=bob'
  ])
  assert.not.ok(readFileSync(path, 'utf8').includes(CANARY), readFileSync(path, 'utf8'))
  assert.ok(stdout.includes(CANARY))
  assert.equal(entry.args.slice(-4), ['--user', 'ann', '-v', 'author=bob'])
  assert.equal(entry.args.slice(1, 4), ['--password', '[REDACTED]', '--api-key=[REDACTED]'])
  assert.match(entry.extra.stdout as string, /^password=\[REDACTED\]\n/)
})

test('a key of many lines is left out also when only its end is kept', async () => {
  const body = `${CANARY}\n`.repeat(60)
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${body}-----END RSA PRIVATE KEY-----\nafter`
  const { entry } = await recorded(['printf', key])
  assert.match(entry.extra.stdout as string, /^\[REDACTED\]\nafter$/)
})

test('an option behind a secret one is not taken for its value', async () => {
  const { entry } = await recorded(shell(':', 'x', '--password', '--verbose', 'file'))
  assert.equal(entry.args.slice(2), ['x', '--password', '--verbose', 'file'])
})

test('a sink that fails is named and changes nothing else', async () => {
  const path = scratch('also.jsonl')
  const broken = ['--sink', 'json:package.json/x.jsonl']
  const { code, stdout, stderr } = await start([
    'run',
    ...broken,
    '--sink',
    `json:${path}`,
    '--',
    ...shell('echo out; exit 5')
  ])
  assert.equal([code, `${stdout}`], [5, 'out\n'])
  assert.match(stderr, /^\[nfo\] \[json\] cannot open package\.json\/x\.jsonl: ENOTDIR.*\n$/)
  assert.is(linesOf(path).length, 1)
})

test('the environment may name the sinks', async () => {
  const path = scratch('environment.jsonl')
  await start(['run', '--', 'true'], { env: { NFO_SINKS: `json:${path}` } })
  assert.is(linesOf(path).length, 1)
})

const newer = process.env.NFO_NODE
const natively = skipUnless(test, newer !== undefined, 'no Node with node:sqlite')

const ROWS = 'SELECT function_name, exception, args FROM logs ORDER BY id'

natively('records to nfo.db when nothing else is said', async () => {
  const cwd = scratch('project')
  mkdirSync(cwd)
  for (const code of [0, 3]) {
    assert.is((await start(['run', '--', ...shell(`exit ${code}`)], { cwd, binary: newer })).code, code)
  }
  assert.equal(await select(`${cwd}/nfo.db`, 'node:sqlite', ROWS), [
    ['sh', null, '["-c","exit 0"]'],
    ['sh', 'exit code 3', '["-c","exit 3"]']
  ])
})

test('a database that sql.js writes is there when the command has ended', async () => {
  const path = scratch('run.db')
  for (const name of ['first', 'second']) {
    await start(['run', '--name', name, '--sink', `sqlite:${path}`, '--', ...shell('kill -TERM $$')])
  }
  const killed = ['signal SIGTERM', '["-c","kill -TERM $$"]']
  assert.equal(await select(path, 'sql.js', ROWS), [
    ['first', ...killed],
    ['second', ...killed]
  ])
})

test('commands that end together all get into one database', async () => {
  const path = scratch('together.db')
  const names = ['a', 'b', 'c']
  const runs = names.map((name) => start(['run', '--name', name, '--sink', `sqlite:${path}`, '--', 'true']))
  for (const { code, stderr } of await Promise.all(runs)) assert.equal([code, stderr], [0, ''])
  const rows = await select<string[]>(path, 'sql.js', ROWS)
  assert.equal(rows.map(([name]) => name).sort(), names)
})

test('everything behind -- is the command', async () => {
  const { stdout } = await recorded(['printf', '%s|', '--help', '--', '--sink', '--'])
  assert.is(`${stdout}`, '--help|--|--sink|--|')
})

function refuses(args: string[], message: RegExp): void {
  test(`refuses ${args.join(' ')}, and runs nothing`, async () => {
    const cwd = scratch('folder')
    mkdirSync(cwd)
    const { code, stderr } = await start(args, { cwd })
    assert.is(code, 2)
    assert.match(stderr, message)
    assert.not.ok(existsSync(`${cwd}/made`))
  })
}

refuses(['run'], /^\[nfo\] \[run\] there is no command; use nfo run -- make test\n$/)
refuses(['run', '--'], /there is no command/)
refuses(['run', 'touch', 'made'], /'--' has to stand before the command/)
refuses(['run', 'touch', '--', 'made'], /'--' has to stand before the command/)
refuses(['run', '--sink', 'jsno:x', '--', 'touch', 'made'], /\[run\] unknown sink 'jsno'; did you mean 'json'\?/)
refuses(['run', '--lines', 'x', '--', 'touch', 'made'], /--lines is 'x'; use a number from 0 up/)
refuses(['run', '--snk', 'x', '--', 'touch', 'made'], /unknown option '--snk'; did you mean '--sink'\?/)

test.run()
