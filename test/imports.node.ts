import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import vm from 'node:vm'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

/**
 * What each room may import, besides itself. The files beside the rooms are the public face. Stages do no I/O; of a runtime they
 * read its variables only, by which `tag` finds out where it runs.
 */
const MAY_IMPORT: Record<string, string[]> = {
  core: [],
  injection: [],
  formats: ['core'],
  record: ['core', 'runtimes'],
  runtimes: ['core', 'record'],
  drivers: ['core', 'formats', 'runtimes'],
  store: ['core', 'formats', 'record', 'runtimes', 'drivers'],
  sinks: ['core', 'formats', 'runtimes', 'drivers', 'store'],
  stages: ['core', 'injection', 'runtimes'],
  configure: ['core', 'runtimes', 'sinks', '.'],
  auto: ['core', 'runtimes', '.'],
  thread: ['core', 'runtimes', 'sinks', 'configure', '.'],
  bridges: ['core', 'formats', '.'],
  http: ['core', 'runtimes'],
  workers: ['core', 'runtimes', 'sinks', '.'],
  browser: ['core', 'formats', 'runtimes', 'drivers', 'sinks', 'store', '.'],
  cli: ['core', 'formats', 'record', 'runtimes', 'drivers', 'sinks', 'store', 'configure', '.'],
  '.': ['core', 'formats', 'record', 'runtimes', 'sinks', 'stages', 'configure', 'auto', 'bridges', 'thread']
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
const roomOf = (path: string): string => (path.includes('/') ? path.split('/')[0] : '.')

/** The files that one names, types included. */
function importsOf(path: string): string[] {
  const text = readFileSync(join('src', path), 'utf8')
  const named = [...text.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)].map(([, one, other]) => one ?? other)
  return named.map((name) => normalize(join(dirname(path), name)))
}

const test = suite('imports')

test('go one way between the rooms', () => {
  assert.ok(files.length > 30)
  for (const path of files) {
    for (const imported of importsOf(path)) {
      const [from, to] = [roomOf(path), roomOf(imported)]
      assert.ok(from === to || MAY_IMPORT[from]?.includes(to), `src/${path} imports src/${imported}`)
    }
  }
})

test('nobody imports a command', () => {
  for (const path of files.filter((file) => roomOf(file) !== 'cli')) {
    assert.not(
      importsOf(path).some((imported) => roomOf(imported) === 'cli'),
      path
    )
  }
})

test('the core names no runtime', () => {
  for (const path of files.filter((file) => roomOf(file) === 'core')) {
    const code = readFileSync(join('src', path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    assert.not.match(code, /\b(process|Deno|Bun|node:)\b/, path)
  }
})

/** Everything that a Worker forbids while it loads, and what a library had better not do. */
const FORBIDDEN = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'addEventListener']

test('importing calls nothing: no timer, clock, chance, listener, file or request', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'nfo',
    platform: 'node'
  })
  const called: string[] = []
  const trap = (name: string) => () => called.push(name)
  const on = { on: trap('process.on'), once: trap('process.once'), prependListener: trap('process.prependListener') }
  const sandbox: Record<string, unknown> = {
    TextEncoder,
    TextDecoder,
    performance: { now: trap('performance.now') },
    process: { versions: { node: '20.20.0' }, getBuiltinModule: trap('getBuiltinModule'), env: {}, ...on },
    console: { log: trap('console.log'), error: trap('console.error') },
    crypto: { randomUUID: trap('randomUUID'), getRandomValues: trap('getRandomValues') }
  }
  for (const name of FORBIDDEN) sandbox[name] = trap(name)
  const context = vm.createContext({ ...sandbox, random: trap('Math.random'), date: trap('Date.now') })
  vm.runInContext('Math.random = random; Date.now = date', context)
  vm.runInContext(outputFiles[0].text, context)
  assert.equal(called, [])
  // The traps work: what is used after loading goes through them.
  vm.runInContext('nfo.wrap(() => 1, { sample: 0.5 })()', context)
  assert.ok(called.includes('performance.now') || called.includes('Math.random'))
})

test.run()
