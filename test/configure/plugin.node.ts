import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch } from '../_run/runtime.ts'
import { bundle, type Ending, linesOf, run, starters } from '../runtimes/_children.ts'

interface App {
  folder: string
  start(runtime: string): Promise<Ending>
}

/** A folder with a script and packages in it, whose nfo comes from elsewhere, as it does when it is linked. */
async function app(program: string, packages: Record<string, Record<string, string>> = {}): Promise<App> {
  const folder = scratch('app')
  const modules = join(folder, 'node_modules')
  mkdirSync(modules, { recursive: true })
  cpSync('examples/plugin/nfo-sink-syslog', join(modules, 'nfo-sink-syslog'), { recursive: true })
  for (const [name, files] of Object.entries(packages)) {
    mkdirSync(join(modules, name))
    for (const [file, text] of Object.entries(files)) writeFileSync(join(modules, name, file), text)
  }
  const file = await bundle(program)
  const script = join(folder, basename(file))
  renameSync(file, script)
  const start = (runtime: string): Promise<Ending> =>
    run(['sh', '-c', 'cd "$0" && exec "$@"', folder, ...starters[runtime], script])
  return { folder, start }
}

const using = (spec: string): string => `
import { configure } from '../../src/configure.ts'
const logger = configure({ sinks: ['${spec}'], interval: 1 })
logger.info('first')
setTimeout(async () => {
  logger.info('second')
  console.log(JSON.stringify(await logger.close()))
}, 50)`

const esm = (body: string, fields: object = { exports: './index.js' }): Record<string, string> => ({
  'package.json': JSON.stringify({ name: 'nfo-sink-own', version: '1.0.0', type: 'module', ...fields }),
  'index.js': body
})
const printing = "write: (entries) => { for (const { args } of entries) console.log('got ' + args[0]) }"

const example = readFileSync('examples/plugin/main.mjs', 'utf8')
const withSource = example.replace("import { configure, registerSink, wrap } from 'nfo'", () =>
  [
    "import { configure } from '../../src/configure.ts'",
    "import { wrap } from '../../src/core/wrap.ts'",
    "import { registerSink } from '../../src/configure/specs.ts'"
  ].join('\n')
)

for (const runtime of ['node', 'denoWithAll', 'bun']) {
  const test = suite(`configure: plugins, ${runtime}`)

  test('the example finds its package, and writes on the way out', async () => {
    assert.is.not(withSource, example)
    const { folder, start } = await app(withSource)
    const { code, stdout, stderr } = await start(runtime)
    assert.equal([code, stdout, stderr], [0, 'LOOK: the till is empty\n', ''])
    const lines = linesOf(join(folder, 'shop.log'))
    assert.is(lines.length, 3)
    assert.match(lines[0], /^<135>1 \S+Z \S+ shop - - - divide\(12, 4\) in [\d.]+ ms$/)
    assert.match(lines[1], /^<131>1 .* divide\(12, 0\) failed: nobody to share with in [\d.]+ ms$/)
    assert.match(lines[2], /^<132>1 .* shop - - - the till is empty$/)
  })

  test('a CommonJS package is taken, too', async () => {
    const files = {
      'package.json': '{ "name": "nfo-sink-own", "version": "1.0.0", "main": "index.js" }',
      'index.js': `exports.sink = (argument) => ({ ${printing} })`
    }
    const { stdout } = await (await app(using('own:x'), { 'nfo-sink-own': files })).start(runtime)
    assert.match(stdout, /^got first\ngot second\n\{"accepted":2,"delivered":2,/)
  })

  test('entries wait for a package that only import() can load', async () => {
    const body = `await new Promise((resolve) => setTimeout(resolve, 20))
export const sink = async (argument) => ({ ${printing.replace("'got '", "argument + ' '")} })`
    const { stdout, stderr } = await (await app(using('own:x:y'), { 'nfo-sink-own': esm(body) })).start(runtime)
    assert.match(stdout, /^x:y first\nx:y second\n\{"accepted":2,"delivered":2,/, stderr)
  })

  test('a package that is no plugin, or cannot be loaded, is said to be', async () => {
    const wrong = await (await app(using('own:'), { 'nfo-sink-own': esm('export const sinc = 1') })).start(runtime)
    assert.match(wrong.stderr, '[nfo] [configure] nfo-sink-own exports no function named sink; it has to')
    const none = await (await app(using('owl:'))).start(runtime)
    assert.match(
      none.stderr,
      "[nfo] [configure] unknown sink 'owl'; use one of console, json, memory, webhook, csv, md"
    )
    assert.match(none.stderr, "registerSink('owl', factory), or install nfo-sink-owl")
    const broken = esm('export const sink = (', {})
    const { code, stderr } = await (await app(using('own:'), { 'nfo-sink-own': broken })).start(runtime)
    assert.is(code, 1)
    assert.not.match(stderr, 'unknown sink')
  })

  test.run()
}
