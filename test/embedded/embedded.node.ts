import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/configure.ts'
import type { LoggerOptions } from '../../src/core/options.ts'
import type { Sink } from '../../src/core/types.ts'
import { embedded } from '../../src/embedded.ts'
import { emulatedPi, nodeWithSqlite } from '../_run/binaries.mjs'
import { scratch, skipUnless } from '../_run/runtime.ts'

const test = suite('embedded')

const folder = (name: string): string => {
  const path = scratch(name)
  mkdirSync(path)
  return path
}

test('what is given goes before the preset', () => {
  assert.equal(embedded().sinks, [])
  const sink = { write() {} }
  const options = embedded({ ring: 65_536, capture: { items: 4 }, sinks: [sink, 'memory:10'], record: 'a.nfo' })
  assert.is(options.ring, 65_536)
  assert.equal(options.capture, { depth: 3, items: 4, string: 256 })
  assert.equal(options.sinks, [sink, 'memory:10'])
  assert.equal(options.record, { size: 262_144, interval: 10_000, path: 'a.nfo' })
  assert.equal(embedded({ record: { path: 'a.nfo', interval: 5 } }).record, {
    size: 262_144,
    interval: 5,
    path: 'a.nfo'
  })
})

for (const spec of ['json', 'csv', 'md', 'sqlite']) {
  test(`${spec}: nothing is written until a call fails, and the files stay within their bounds`, async () => {
    const where = folder(`embedded-${spec}`)
    const { sinks, ...options } = embedded({ sinks: [`${spec}:${join(where, 'app.log')}`], exitHooks: false })
    const logger = createLogger({ ...(options as LoggerOptions), sinks: sinks as Sink[] })
    const read = logger.wrap((round: number, text: string) => {
      if (round % 300 === 299) throw new Error(text)
      return text
    }, 'read')
    const size = (): number => readdirSync(where).reduce((sum, name) => sum + statSync(join(where, name)).size, 0)
    for (let round = 0; round < 299; round++) read(round, 'fine')
    assert.is(size(), 0)
    for (let round = 299; round < 90_000; round++) {
      try {
        read(round, 'x'.repeat(250))
      } catch {
        await logger.flush()
      }
    }
    await logger.close()
    assert.ok(size() > 1_000_000 && size() < 4_600_000, `${size()} bytes`)
  })
}

const { path: modern, missing } = nodeWithSqlite(process.cwd())

skipUnless(
  test,
  modern !== undefined,
  missing ?? ''
)('the example: failures and what led to them are in the database', async () => {
  const where = folder('embedded-example')
  const env = { ...process.env, SENSOR_FOLDER: where, SENSOR_ROUNDS: '700', SENSOR_INTERVAL_MS: '0' }
  const { status, stderr } = spawnSync(modern as string, ['examples/raspberry-pi/sensor.mjs'], {
    env,
    encoding: 'utf8'
  })
  assert.is(status, 0, stderr)
  const rows = execFileSync(modern as string, ['dist/cli.js', 'query', join(where, 'sensor.db'), '--format', 'json'], {
    encoding: 'utf8'
  })
  const entries = rows
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(
    entries.filter(({ exception }) => exception).map(({ function_name }) => function_name),
    ['readBus', 'readSensor']
  )
  assert.ok(entries.length > 50, `${entries.length} entries`)
})

const pi = emulatedPi(process.cwd()) as { command?: string[]; missing?: string }

/** Calls, the heap looked at twenty times on the way; then a call that never returns. */
const program = (where: string): string => `
import { writeSync } from 'node:fs'
import { configure, wrap } from 'nfo'
import { embedded } from 'nfo/embedded'
const where = ${JSON.stringify(where)}
const record = { path: where + '/sensor.nfo', interval: 200 }
const logger = configure(embedded({ sinks: ['json:' + where + '/sensor.jsonl'], record }))
const read = wrap(function readSensor(channel, round) { return channel * 2 + round })
const wait = wrap(function waitForBus(channel) { for (;;); })
const heaps = []
for (let step = 0; step < 20; step++) {
  for (let round = 0; round < 10_000; round++) read(4, step * 10_000 + round)
  gc()
  heaps.push(process.memoryUsage().heapUsed)
  await new Promise((resolve) => setTimeout(resolve, 1))
}
writeSync(1, JSON.stringify({ heaps, accepted: logger.stats().accepted }) + '\\n')
wait(4)
`

/** Starts at once, while the tests above run: an emulated processor is slow. Ends when told to. */
async function startPi(where: string): Promise<{ said: Promise<string>; kill(): Promise<unknown> }> {
  const file = join(where, 'program.mjs')
  await build({
    stdin: { contents: program(where), resolveDir: process.cwd() },
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error'
  })
  const [emulator, ...flags] = (pi.command as string[]).filter((flag) => !flag.startsWith('--max-old-space-size'))
  const child = spawn(emulator, [...flags, '--max-old-space-size=32', '--expose-gc', file], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  return {
    said: once(child.stdout, 'data').then(([text]) => String(text)),
    kill() {
      child.kill('SIGKILL')
      return once(child, 'close')
    }
  }
}

const board = folder('embedded-pi')
const started = pi.command && (await startPi(board))
const onPi = skipUnless(test, started !== undefined, pi.missing ?? '')

onPi('an ARMv7 with 32 MB has made its calls', async () => {
  await started?.said
})

onPi('its heap stays as it is, and a hang names itself', async () => {
  const { heaps, accepted } = JSON.parse((await started?.said) as string)
  // Ten times what the record file needs to follow.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  await started?.kill()
  assert.is(accepted, 200_000)
  const [least, most] = [Math.min(...heaps), Math.max(...heaps)]
  assert.ok(most - least < 1_000_000, `the heap went from ${least} to ${most}`)
  assert.not.ok(existsSync(join(board, 'sensor.jsonl')))
  const recovered = execFileSync(
    process.execPath,
    ['dist/cli.js', 'recover', join(board, 'sensor.nfo'), '--last', '5'],
    {
      encoding: 'utf8'
    }
  )
  assert.match(recovered, /waitForBus\(channel: 4\)/)
  assert.match(recovered, /readSensor\(channel: 4, round: 199999\) → 200007/)
})

test.run()
