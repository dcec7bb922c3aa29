import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fromJson } from '../../src/formats/json.ts'
import { scratch } from '../_run/runtime.ts'
import { linesOf } from '../runtimes/_children.ts'
import { buildPackage, preloads, writeApp } from './_app.ts'
import { APP, TYPED } from './_fixtures.ts'

const built = await buildPackage({ register: 'src/register.ts', empty: 'test/auto/_empty.ts', nfo: 'src/index.ts' })
const register = join(built, 'register.js')
const app = writeApp(APP)
const typed = writeApp(TYPED)

interface Run {
  stdout: string
  stderr: string
  status: number | null
  /** `module:function`, as often as it was recorded. */
  recorded: string[]
}

function run(runtime: string, folder: string, main: string, auto: string | undefined, preload: string = register): Run {
  const [command, ...args] = preloads[runtime](preload)
  const lines = scratch('lines.jsonl')
  const env = { ...process.env, NFO_SINKS: `json:${lines}`, ...(auto === undefined ? {} : { NFO_AUTO: auto }) }
  const { stdout, stderr, status } = spawnSync(command, [...args, main], { cwd: folder, env, encoding: 'utf8' })
  const entries = linesOf(lines).map((line) => fromJson(line))
  return { stdout, stderr, status, recorded: entries.map((entry) => `${entry.module}:${entry.functionName}`) }
}

/** Without nfo, by a preload that is empty. */
const plain = (runtime: string, folder: string, main: string): Run =>
  run(runtime, folder, main, undefined, join(built, 'empty.js'))

function assertSame(runtime: string, folder: string, main: string): Run {
  const expected = plain(runtime, folder, main)
  assert.equal([expected.status, expected.recorded], [0, []], expected.stderr)
  const { stdout, stderr, status, recorded } = run(runtime, folder, main, undefined)
  assert.is(stdout, expected.stdout)
  assert.equal([stderr, status], [expected.stderr, 0])
  return { stdout, stderr, status, recorded }
}

function assertRecorded({ recorded }: Run, names: string): void {
  const missing = names.split(/\s+/).filter((name) => !recorded.includes(name))
  assert.equal(missing, [], `recorded were ${[...new Set(recorded)].join(' ')}`)
}

const MODULES = `cycle/even:isEven cycle/odd:isOdd live/live:increase live/live:greet live/live:change live/await:late
default/function:default default/generator:default default/arrow:default default/arrow:thrice default/class:default.reveal
default/class:default.has default/named:named classes/base:Base.make classes/leaf:Leaf.describe classes/leaf:isReady
classes/old:Point.double classes/old:Bare classes/old:Expression.self generators/generators:numbers
generators/generators:letters generators/generators:slowly decorators/shop:Shop.price texts/texts:pattern
texts/texts:divided texts/texts:after stack/stack:one stack/stack:two stack/stack:default stack/stack:Three.run
stack/stack:Three.go stack/stack:four`
const COMMON = `cjs/function:area cjs/named:outer cjs/named:inner cjs/named:Shape.sides cjs/object:first cjs/object:second
cjs/object:third cjs/object:fourth-one`

for (const runtime of ['node', 'node24', 'deno', 'bun']) {
  const test = suite(`register, ${runtime}`)
  if (runtime === 'node24' && !process.env.NFO_NODE) {
    console.log('register on a newer Node is skipped: no NFO_NODE')
    continue
  }

  test('ES modules give the same output, and every call is recorded', () => {
    const ran = assertSame(runtime, app, 'main.mjs')
    assert.match(ran.stdout, runtime === 'bun' ? /stack 1:38 2:25 3:29\n/ : /stack 1:34 2:25 3:29\n/)
    assertRecorded(ran, MODULES)
    // Once while its module was still being run: a cycle does not get around it.
    assert.is(ran.recorded.filter((name) => name === 'cycle/even:isEven').length, 9)
    if (runtime !== 'bun') assertRecorded(ran, 'cjs/function:area cjs/named:inner cjs/object:first')
  })

  test('CommonJS gives the same output, and every call is recorded', () => {
    assertRecorded(assertSame(runtime, app, 'cjs/main.cjs'), COMMON)
  })

  if (runtime !== 'node') {
    test('TypeScript gives the same output, and every call is recorded', () => {
      const names = 'total first make typed Kiosk.open Shop.sell isOrder fail'.split(' ').map((name) => `shop:${name}`)
      assertRecorded(assertSame(runtime, typed, 'main.ts'), names.join(' '))
    })
  }

  test('NFO_AUTO chooses the files', () => {
    const { recorded, stderr } = run(runtime, app, 'main.mjs', '{live,stack}/**,!**/await.mjs')
    assert.is(stderr, '')
    assert.equal([...new Set(recorded.map((name) => name.split(':')[0]))].sort(), [
      'live/live',
      'stack/main',
      'stack/stack'
    ])
  })

  test('the app may configure by itself what is recorded', () => {
    const folder = writeApp({
      'shop.mjs': 'export function add(a, b) { return a + b }',
      'main.mjs': `import { configure, memorySink } from ${JSON.stringify(join(built, 'nfo.js'))}
import { add } from './shop.mjs'
const sink = memorySink()
const logger = configure({ sinks: [sink], environment: 'own' })
add(1, 2)
await logger.flush()
console.log(sink.entries().map((entry) => [entry.module, entry.functionName, entry.environment].join(':')).join(' '))`
    })
    const [command, ...args] = preloads[runtime](register)
    const { stdout, stderr } = spawnSync(command, [...args, 'main.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      env: process.env
    })
    assert.equal([stdout, stderr], ['shop:add:own\n', ''])
  })

  test('nothing to record is said once, with the fix', () => {
    const { stderr, status, stdout } = run(runtime, app, 'live/main.mjs', 'lib/**')
    assert.equal([status, stdout], [0, plain(runtime, app, 'live/main.mjs').stdout])
    assert.match(stderr, /^\[nfo\] \[register\] nothing is recorded of 'lib\/\*\*': no module .*; set NFO_AUTO, .*'\n$/)
  })

  test.run()
}
