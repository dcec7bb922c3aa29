import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readRecord } from '../../src/record/read.ts'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundle, run, starters } from '../runtimes/_children.ts'
import { type Cdn, deno, exampleConfig, execute, isReady, NOT_READY, openCdn } from './_cdn.ts'
import { KV_STORY } from './_kvStory.ts'

const examplesSuite = suite('deno: examples')
const test = skipUnless(examplesSuite, isReady, NOT_READY)
let cdn: Cdn

examplesSuite.before(async () => {
  cdn = await openCdn()
})
examplesSuite.after(() => cdn.close())

test('main.ts serves, and gives its errors back from Deno KV', async () => {
  const flags = ['--config', exampleConfig(cdn), '--unstable-kv', '--allow-net=127.0.0.1']
  const { stdout, stderr } = await cdn.deno('run', [...flags, 'examples/deno/main.ts'])
  assert.is(stderr, '')
  assert.is(
    stdout,
    `tea 3 · umbrella sorry
errors [["GET","/umbrella","sold out"],["priceOf","umbrella","sold out"]]
before the last one priceOf(tea) GET(/tea) priceOf(umbrella) GET(/umbrella)
`
  )
})

test('main.ts and jobs.ts have no wrong types', async () => {
  const files = ['examples/deno/main.ts', 'examples/deno/jobs.ts']
  const { code, stderr } = await cdn.deno('check', ['--config', exampleConfig(cdn), '--unstable-kv', ...files])
  assert.is(code, 0, stderr)
})

test('jobs.ts leaves a file, rows and a record file', async () => {
  const folder = scratch('data')
  mkdirSync(folder)
  const flags = ['--config', exampleConfig(cdn), `--allow-read=${folder}`, `--allow-write=${folder}`]
  const { stdout, stderr } = await cdn.deno('run', [...flags, 'examples/deno/jobs.ts', folder])
  assert.equal([stdout, stderr], ['100 jobs\n', ''])
  assertLeft(folder, true)
})

/** What 100 jobs leave behind. */
function assertLeft(folder: string, closed: boolean): void {
  assert.is(readFileSync(`${folder}/jobs.jsonl`, 'utf8').split('\n').length - 1, 100)
  assert.ok(existsSync(`${folder}/jobs.db`))
  const found = readRecord(readFileSync(`${folder}/jobs.nfo`))
  assert.is(found.closed, closed)
  assert.is(found.entries.length, 100)
  const open = found.open.map(({ functionName, args }) => [functionName, args[0]])
  assert.equal(open, closed ? [] : [['work', 100]])
}

const compiler = process.env.DENO_BIN ?? deno
const compiling = skipUnless(
  examplesSuite,
  isReady && process.env.DENORT_BIN !== undefined,
  'deno compile downloads denort; set DENORT_BIN to the one of this version'
)

compiling('deno compile: jobs.ts leaves the same, and survives SIGKILL in an endless loop', async () => {
  const [folder, app] = [scratch('data'), scratch('jobs')]
  mkdirSync(folder)
  const flags = ['--config', exampleConfig(cdn), `--allow-read=${folder}`, `--allow-write=${folder}`, '--no-check']
  flags.push('--include', `${cdn.address}/dist/nfo-thread.js`)
  const made = await cdn.deno('compile', [...flags, '-o', app, 'examples/deno/jobs.ts'], { binary: compiler })
  assert.is(made.code, 0, made.stderr)
  const { stdout, stderr } = await execute([app, folder])
  assert.equal([stdout, stderr], ['100 jobs\n', ''])
  assertLeft(folder, true)
  const threaded = `${folder}/threaded`
  mkdirSync(threaded)
  assert.equal(await execute([app, threaded, 'thread']), { code: 0, stdout: '100 jobs\n', stderr: '' })
  assertLeft(threaded, true)
  const other = `${folder}/hung`
  mkdirSync(other)
  const hung = await run([app, other, 'hang'], (pid) => setTimeout(() => process.kill(pid, 'SIGKILL'), 500))
  assert.equal([hung.signal, hung.stderr], ['SIGKILL', ''])
  assertLeft(other, false)
})

const kvSuite = suite('deno: KV')
const onDeno = skipUnless(kvSuite, deno !== '', 'no deno; npm install')
const withKv = (body: string): Promise<string> =>
  bundle(`import { denoKvSink } from '../../src/sinks/denoKv.ts'
    import { kvStory } from '../deno/_kvStory.ts'
    import { entry } from '../formats/_entry.ts'
    ${body}`)
const [program, subcommand, ...rest] = starters.denoWithNothing

onDeno('answers as the strict one of the tests does', async () => {
  const file = await withKv(`console.log(JSON.stringify(await kvStory(await Deno.openKv(':memory:'))))`)
  const { stdout, stderr } = await run([program, subcommand, '--unstable-kv', ...rest, file])
  assert.is(stderr, '')
  assert.equal(JSON.parse(stdout), KV_STORY)
})

const WRITE = `
  const sink = denoKvSink(process.argv[2] || undefined)
  try {
    await sink.write([entry({ level: 'error', exception: 'broken' })])
    await sink.close()
  } catch (error) { console.log(error.message) }`

onDeno('a path asks for its permissions, and the flag for KV is named', async () => {
  const file = await withKv(WRITE)
  const path = scratch('errors.kv')
  const bare = await run([program, subcommand, ...rest, file, path])
  assert.match(
    bare.stdout,
    '[nfo] [denoKv] there is no Deno.openKv here; run Deno with --unstable-kv, or pass a handle'
  )
  const without = await run([program, subcommand, '--unstable-kv', ...rest, file, path])
  assert.match(without.stdout, `; run Deno with --allow-read=${path} --allow-write=${path}`)
  const flags = ['--unstable-kv', `--allow-read=${path}`, `--allow-write=${path}`]
  assert.equal(await run([program, subcommand, ...flags, ...rest, file, path]), {
    code: 0,
    signal: null,
    stdout: '',
    stderr: ''
  })
  const reader = await withKv(`
    const sink = denoKvSink(process.argv[2])
    console.log((await sink.entries()).length, (await sink.crash())[0].exception)
    await sink.close()`)
  assert.is((await run([program, subcommand, ...flags, ...rest, reader, path])).stdout, '1 broken\n')
})

examplesSuite.run()
kvSuite.run()
