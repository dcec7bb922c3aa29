import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { transform } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger, memorySink } from '../../src/index.ts'
import { readRecord } from '../../src/record/read.ts'
import { VERSION } from '../../src/record/version.ts'
import { scratch } from '../_run/runtime.ts'
import { bundle, run, starters } from '../runtimes/_children.ts'

const test = suite('recording with a thread')
const read = (path: string) => readRecord(readFileSync(path))
const NOTHING = { blocks: 0, records: 0, names: 0, open: 0 }

test('a million calls at full rate add up, in the file and in the ledger', async () => {
  const path = scratch('app.nfo')
  const logger = createLogger({ record: path, sinks: [memorySink({ entries: 10 })] })
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  const calls = 1_000_000
  for (let i = 0; i < calls; i++) add(i, 7)
  const { accepted, delivered, dropped, failed, pending } = await logger.close()
  assert.is(accepted, calls)
  assert.is(delivered + dropped + failed + pending, calls)
  const { entries, overwritten, lost, end } = read(path)
  assert.equal(lost, NOTHING)
  assert.is(entries.length + overwritten, calls)
  assert.is(end?.entries, calls)
  assert.ok(entries.every(({ args }, index) => args[0] === overwritten + index))
  assert.is(statSync(path).size, 1_048_576)
})

test('the thread writes while nobody else does', async () => {
  const path = scratch('app.nfo')
  const logger = createLogger({ record: { path, interval: 1 } })
  await delay(500)
  logger.info('one')
  await delay(100)
  const { entries, closed } = read(path)
  assert.equal([entries.length, closed], [1, false])
  await logger.close()
})

test('a thread that cannot run is reported once, and the main thread writes', async () => {
  const script = await bundle(`
    import { configure } from '../../src/index.ts'
    const { toString } = Function.prototype
    Function.prototype.toString = () => '('
    const logger = configure({ record: process.argv[2] })
    Function.prototype.toString = toString
    setTimeout(() => logger.info('one'), 300)
    setTimeout(() => logger.info('two'), 400)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 600)`)
  for (const name of ['node', 'deno', 'bun']) {
    if (!starters[name][0]) continue
    const path = scratch('app.nfo')
    const { signal, stderr } = await run([...starters[name], script, path])
    assert.is(signal, 'SIGKILL', name)
    assert.is(stderr.split('[nfo]').length, 2, `${name}: ${stderr}`)
    assert.match(stderr, /\[nfo\] \[record\] \S+: the thread ended: .*; the main thread writes/)
    assert.equal(
      read(path).entries.map(({ args }) => args[0]),
      ['one', 'two'],
      name
    )
  }
})

test('a thread does not write to a file that took the place of its own', async () => {
  const [path, elsewhere] = [scratch('app.nfo'), scratch('elsewhere.nfo')]
  const script = await bundle(`
    import { renameSync, writeFileSync } from 'node:fs'
    import { configure } from '../../src/index.ts'
    const logger = configure({ record: process.argv[2] })
    renameSync(process.argv[2], process.argv[3])
    writeFileSync(process.argv[2], 'dear diary')
    setTimeout(() => logger.info('one'), 300)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 600)`)
  const { stderr } = await run([...starters.node, script, path, elsewhere])
  assert.match(stderr, /the thread ended: another file has taken its place; the main thread writes/)
  assert.is(readFileSync(path, 'utf8'), 'dear diary')
  assert.is(read(elsewhere).entries.length, 1)
})

test('code that was minified, or keeps its names, runs in the thread too', async () => {
  const plain = await bundle(`import '../record/_endings.ts'`)
  for (const options of [{ minify: true }, { keepNames: true }, { minify: true, keepNames: true }]) {
    const script = `${scratch('child')}.mjs`
    const path = scratch('app.nfo')
    writeFileSync(script, (await transform(readFileSync(plain, 'utf8'), { ...options, format: 'esm' })).code)
    const command = [...starters.node, script, 'loop', path, '{"calls":100}']
    const { stderr } = await run(command, (pid) => setTimeout(() => process.kill(-pid, 'SIGKILL'), 300))
    assert.is(stderr, '')
    const { entries, open } = read(path)
    assert.equal([entries.length, open.length], [100, 2])
  }
})

test('the file of a run that was killed is kept', async () => {
  const path = scratch('app.nfo')
  const first = createLogger({ record: { path, durability: 'each' } })
  first.info('evidence')
  const copy = readFileSync(path)
  await first.close()
  writeFileSync(path, copy)
  const second = createLogger({ record: path })
  await second.close()
  const { entries, closed } = read(`${path}.1`)
  assert.equal([entries[0].args[0], closed], ['evidence', false])
})

test('the folder is made, and a path that cannot be opened is refused', () => {
  const path = `${scratch('new')}/deep/app.nfo`
  const logger = createLogger({ record: path })
  assert.ok(existsSync(path))
  void logger.close()
  const diary = scratch('diary')
  writeFileSync(diary, 'dear diary')
  const inFile = `${diary}/app.nfo`
  assert.throws(() => createLogger({ record: inFile }), /\[nfo\] \[record\] cannot open \S+: ENOTDIR.*; check the path/)
  assert.throws(() => createLogger({ record: '/proc' }), /\[record\] cannot open \/proc: .*name a file, not a folder/)
  assert.throws(() => createLogger({ record: diary }), /no record file and would be replaced/)
  assert.is(readFileSync(diary, 'utf8'), 'dear diary')
})

test('Deno without permission says what it needs', async () => {
  const script = await bundle(`
    import { configure } from '../../src/index.ts'
    configure({ record: '/tmp/app.nfo' })`)
  const { code, stderr } = await run([...starters.denoWithNothing, script])
  assert.is(code, 1)
  assert.match(
    stderr,
    /\[nfo\] \[record\] cannot open \/tmp\/app\.nfo: .*--allow-read=\S+ --allow-write=\S+app\.nfo\.1/
  )
})

test('the version is that of package.json', () => {
  assert.is(VERSION, JSON.parse(readFileSync('package.json', 'utf8')).version)
})

test.run()
