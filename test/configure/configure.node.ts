import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import { fromJson } from '../../src/formats/json.ts'
import { scratch } from '../_run/runtime.ts'
import { bundle, type Ending, linesOf, run, starters } from '../runtimes/_children.ts'

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

/** A module asks for the logger before the app configures, and everybody keeps what they have. */
const early = `
import process from 'node:process'
import { configure, getLogger, wrap } from '../../src/index.ts'
const path = process.argv[2]
const kept = getLogger()
const child = kept.child({ part: 'till' })
const pay = wrap((amount, colour) => amount, 'pay')
pay(1, 11)
const logger = configure({ sinks: ['json:' + path], redact: ['colour'], version: '1.0.0' })
pay(2, 22)
child.info('rung')
console.log(kept === logger, getLogger() === logger, configure({ level: 'fatal' }) === logger, kept.level)`

const file = await bundle(program)
const earlyFile = await bundle(early)
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

  for (const [what, environment] of Object.entries({
    'no environment': {},
    'an environment': { NFO_ENV: 'staging' }
  })) {
    test(`a logger that was asked for first becomes the configured one, with ${what}`, async () => {
      const path = scratch(`early-${Object.keys(environment).length}.jsonl`)
      const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
      const { stdout, stderr } = await run(['env', ...variables, ...starters[runtime], earlyFile, path])
      assert.is(stdout, 'true true true debug\n', stderr)
      const entries = linesOf(path).map(fromJson)
      assert.equal(
        entries.map(({ args, extra }) => [args[0], args[1] instanceof Snapshot ? args[1].kind : args[1], extra.part]),
        [
          [1, 11, undefined],
          [2, 'redacted', undefined],
          ['rung', undefined, 'till']
        ]
      )
      assert.equal(new Set(entries.map(({ version }) => version)), new Set(['1.0.0']))
    })
  }

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
