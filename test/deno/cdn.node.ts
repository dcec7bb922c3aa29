import { existsSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { type Cdn, isReady, NOT_READY, openCdn, script } from './_cdn.ts'

const cdnSuite = suite('deno: from a CDN')
const test = skipUnless(cdnSuite, isReady, NOT_READY)
let cdn: Cdn

cdnSuite.before(async () => {
  cdn = await openCdn()
})
cdnSuite.after(() => cdn.close())

const PLAIN = `
import { configure, memorySink, wrap } from 'nfo'
const memory = memorySink()
const logger = configure({ sinks: [memory] })
const price = wrap(function price(sku: string, count: number): number {
  if (count < 1) throw new RangeError('cannot price ' + sku)
  return count * 9.5
})
const total: number = price('tea', 2)
try { price('tea', 0) } catch {}
await logger.flush()
const seen = memory.entries().map(({ functionName, args, exception }) => [functionName, args, exception])
console.log(JSON.stringify([total, seen, logger.dump().length]))
`

test('wrap, the memory sink and dump need one import, no npm and no permission', async () => {
  const { code, stdout, stderr } = await cdn.deno('run', [script(PLAIN, cdn)])
  assert.equal([code, stderr], [0, ''])
  const seen = [
    ['price', ['tea', 2], null],
    ['price', ['tea', 0], 'cannot price tea']
  ]
  assert.equal(JSON.parse(stdout), [19, seen, 2])
})

test('the types come along', async () => {
  const { code, stderr } = await cdn.deno('check', [script(PLAIN, cdn)])
  assert.is(code, 0, stderr)
})

test('and a wrong one is found', async () => {
  const { code, stderr } = await cdn.deno('check', [script(PLAIN.replace('total: number', 'total: string'), cdn)])
  assert.is(code, 1)
  assert.match(stderr, "Type 'number' is not assignable to type 'string'")
})

/** What each one asks for, and nothing else does. */
const NEEDS: [what: string, options: (path: string) => string, error: (path: string) => string][] = [
  ['json:', (path) => `sinks: ['json:${path}']`, (path) => `--allow-write=${path};`],
  ['csv:', (path) => `sinks: ['csv:${path}']`, (path) => `--allow-write=${path};`],
  ['md:', (path) => `sinks: ['md:${path}']`, (path) => `--allow-write=${path};`],
  ['sqlite:', (path) => `sinks: ['sqlite:${path}']`, () => '--allow-read and --allow-write for its folder'],
  ['webhook:', () => `sinks: ['webhook:http://127.0.0.1:48721/secret']`, () => '--allow-net=127.0.0.1:48721;'],
  ['record', (path) => `record: '${path}'`, (path) => `--allow-read=${path},${path}.1 --allow-write=${path},${path}.1`],
  ['an llm', () => `sinks: ['memory:'], llm: 'openai/gpt-4o-mini'`, () => '--allow-env=OPENAI_API_KEY,'],
  [
    'an llm with a key',
    () => `sinks: ['memory:'], llm: { model: 'openai/gpt-4o-mini', apiKey: 'k' }`,
    () => '--allow-net=api.openai.com'
  ]
]

for (const [what, options, error] of NEEDS) {
  test(`${what} names the permission that it lacks, once, and the app goes on`, async () => {
    const path = scratch('app')
    const text = `
      import { configure, wrap } from 'nfo'
      try {
        const logger = configure({ ${options(path)} })
        const fail = wrap(() => { throw new Error('broken') }, 'fail')
        for (let i = 0; i < 3; i++) try { fail() } catch {}
        await logger.flush()
        await logger.close()
      } catch (error) { console.error(error.message) }
      console.log('done')`
    const { code, stdout, stderr } = await cdn.deno('run', [script(text, cdn)])
    assert.equal([code, stdout], [0, 'done\n'], stderr)
    assert.is(stderr.split('\n').filter((line) => line.startsWith('[nfo]')).length, 1, stderr)
    assert.match(stderr, error(path))
    assert.not.match(stderr, 'secret')
    assert.not(existsSync(path))
  })
}

const ENVIRONMENT = `
import { configure } from 'nfo'
const logger = configure({ level: 'info' })
console.log(logger.level)`

test('variables that may not be read say nothing; with the permission they count', async () => {
  const file = script(ENVIRONMENT, cdn)
  const env = { NFO_LEVEL: 'fatal' }
  const without = await cdn.deno('run', [file], { env })
  assert.equal(without, { code: 0, stdout: 'info\n', stderr: '' })
  const { stdout } = await cdn.deno('run', ['--allow-env=NFO_LEVEL', file], { env })
  assert.is(stdout, 'fatal\n')
})

test('the worker thread comes from the same place', async () => {
  const text = `
    import { configure, wrap } from 'nfo'
    const logger = configure({ sinks: ['json:-'], thread: true })
    wrap(() => 1, 'one')()
    await logger.flush()
    await logger.close()
    console.error(logger.stats().sinks[0].delivered)`
  const { code, stdout, stderr } = await cdn.deno('run', [script(text, cdn)])
  assert.equal([code, stderr], [0, '1\n'])
  assert.match(stdout, '"function_name":"one"')
})

cdnSuite.run()
