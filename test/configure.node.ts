import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fromJson } from '../src/formats/json.ts'
import { scratch } from './_run/runtime.ts'
import { bundle, type Ending, linesOf, run, starters } from './runtimes/_children.ts'

const program = `
import process from 'node:process'
import { configure, wrap } from '../../src/index.ts'
const [path, interval] = process.argv.slice(2)
const logger = configure({ sinks: ['json:' + path], level: 'debug', interval: Number(interval ?? 10), version: '1.0.0' })
const add = wrap((left, right) => left + right, 'add')
for (let id = 0; id < 5; id++) add(id, 1)
logger.warn('warned')
if (interval) console.log('done')
else setTimeout(() => {
  add(5, 1)
  logger.flushSync()
  const { accepted, delivered, failed, pending } = logger.stats()
  console.log(JSON.stringify({ accepted, delivered, failed, pending }))
}, 60)`

const file = await bundle(program)
const start = (starter: string, args: string[], environment: Record<string, string> = {}): Promise<Ending> => {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  return run(['env', ...variables, ...starters[starter], file, ...args])
}
const nfoLines = ({ stderr }: Ending): string[] => stderr.split('\n').filter((line) => line.includes('[nfo]'))

for (const runtime of ['node', 'deno', 'bun']) {
  const test = suite(`configure, ${runtime}`)

  test('the environment overrides what the program says', async () => {
    const [given, own] = [scratch('given.jsonl'), scratch('own.jsonl')]
    const environment = { NFO_LEVEL: 'warn', NFO_SINKS: `json:${own}`, NFO_ENV: 'staging', NFO_VERSION: '9.9.9' }
    const { code, stdout } = await start(runtime, [given], environment)
    assert.is(code, 0)
    assert.equal(JSON.parse(stdout), { accepted: 1, delivered: 1, failed: 0, pending: 0 })
    assert.equal(linesOf(given), [])
    const [entry] = linesOf(own).map(fromJson)
    assert.equal([entry.args, entry.environment, entry.version], [['warned'], 'staging', '9.9.9'])
  })

  test('a level that is not known stops the program with the fix', async () => {
    const { code, stderr } = await start(runtime, [scratch('never.jsonl')], { NFO_LEVEL: 'wran' })
    assert.is(code, 1)
    assert.match(stderr, "[nfo] [configure] unknown level 'wran'; did you mean 'warn'?")
  })

  // The script itself is no folder.
  test('a path that cannot be opened is reported once, counted, and the process goes on', async () => {
    const ending = await start(runtime, [`${file}/app.jsonl`])
    assert.is(ending.code, 0)
    assert.equal(JSON.parse(ending.stdout), { accepted: 7, delivered: 0, failed: 7, pending: 0 })
    const lines = nfoLines(ending)
    assert.is(lines.length, 1, ending.stderr)
    assert.match(
      lines[0],
      /^\[nfo\] \[sink 1 of 1\] .*child\.mjs\/app\.jsonl: .*; .*; what it does not take is counted as failed$/
    )
  })

  test('a timer that is waiting does not keep the process, and its entries are written', async () => {
    const path = scratch('late.jsonl')
    const began = Date.now()
    const { code, stdout } = await start(runtime, [path, '60000'])
    assert.equal([code, stdout], [0, 'done\n'])
    assert.ok(Date.now() - began < 6000)
    assert.is(linesOf(path).length, 6)
  })

  test.run()
}

const bare = suite('configure, Deno without permissions')

bare('records, says once which permission the sink needs, and goes on', async () => {
  const ending = await start('denoWithNothing', ['/tmp/nfo-never.jsonl'])
  assert.is(ending.code, 0, ending.stderr)
  assert.equal(JSON.parse(ending.stdout), { accepted: 7, delivered: 0, failed: 7, pending: 0 })
  const lines = nfoLines(ending)
  assert.is(lines.length, 1, ending.stderr)
  assert.match(lines[0], '; run Deno with --allow-write=/tmp/nfo-never.jsonl;')
  assert.is(ending.stderr.trim().split('\n').length, 1, ending.stderr)
})

bare.run()
