import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch } from './runtime.ts'

// The suite is only worth what its runner notices. Each of these runs the runner on a small broken suite.
const portable = ['node', 'deno', 'bun', 'workerd', 'chromium']
const head = `import { suite } from 'uvu'; const test = suite('s')`

interface Ran {
  code: number
  text: string
  /** Of the runtimes that are here. */
  names: string[]
}

function run(source: string, only: string, ...options: string[]): Promise<Ran> {
  const folder = scratch('suite')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.test.ts'), source)
  const all = ['test/run.mjs', '--tests', folder, '--only', only, '--timeout', '300', '--stall', '2000', ...options]
  return new Promise((resolve) =>
    execFile(process.execPath, all, (error, text) => {
      const names = [...text.matchAll(/^[✓✗] (\w+)/gm)].map(([, name]) => name)
      resolve({ code: Number(error?.code ?? 0), text, names })
    })
  )
}

const test = suite('harness')

/** Runs one broken suite everywhere and expects each line of `reports` from every runtime, and nothing else. */
function notices(what: string, source: string, reports: string[], only: string = portable.join()): void {
  test(`notices ${what}`, async () => {
    const { code, text, names } = await run(`${head}\n${source}`, only)
    assert.is(code, 1, text)
    assert.ok(names.length >= only.split(',').length - 1, `ran only ${names.join(' ')}`)
    for (const name of names) {
      const failures = text.split('\n').filter((line) => line.startsWith(`  FAIL ${name}`))
      assert.is(failures.length, reports.length, text)
      for (const report of reports)
        assert.ok(
          failures.some((line) => line.endsWith(report)),
          `${report} in\n${text}`
        )
    }
  })
}

notices(
  'what uvu lets through',
  `test('string', () => { throw 'text' })
  test('floats', () => { Promise.reject(new Error('floating')) })
  test('hangs', () => new Promise(() => {}))
  test('stays', () => {})
  test.only('only', () => {})
  test.skip('skipped')
  test.run()
  const hooked = suite('hooked'); hooked.before(() => { throw new Error('hook') }); hooked('left out', () => {}); hooked.run()
  suite('forgotten')('never run', () => {})`,
  [
    's › string',
    's › floats (floating)',
    's › hangs',
    's › only',
    's › skipped',
    'hooked › before',
    'hooked › left out',
    'forgotten › never run'
  ]
)

notices('an error while the tests load', `test('fine', () => {}); test.run(); throw new Error('too early')`, [''])
notices('a file without tests', '', ['a.test.ts', ''])

test('notices a loop without end, and says where', async () => {
  const { code, text } = await run(`${head}\ntest('spins', () => { for (;;); }); test.run()`, 'node')
  assert.is(code, 1)
  assert.match(text, /said nothing for 2000 ms, so it was killed, in: a\.test\.ts › s › spins/)
})

test('notices a process that does not end', async () => {
  const { code, text } = await run(`${head}\ntest('t', () => { setInterval(() => {}, 99) }); test.run()`, 'node')
  assert.is(code, 1)
  assert.match(text, /something keeps the process alive/)
})

test('notices a test that is missing on one runtime', async () => {
  const source = `${head}\ntest('one', () => {}); if (!globalThis.Bun) test('two', () => {}); test.run()`
  const { code, text } = await run(source, 'node,bun')
  assert.is(code, 1)
  assert.match(text, /FAIL bun.*\n +registers 1 tests, node \S+ registers 2\n/)
  assert.match(text, /^3 passed, 1 failed, 0 skipped$/m)
})

test('notices that nothing matches, and that nothing is there', async () => {
  const nothing = await run(`${head}\ntest('one', () => {}); test.run()`, 'node', '--grep', 'other')
  assert.is(nothing.code, 1)
  assert.match(nothing.text, /nothing matches other/)
  assert.is((await run('', 'types')).code, 1)
})

test('leaves expected rejections alone, and passes what is right', async () => {
  const source = `${head}
  test('rejects', async () => {
    globalThis.__expectRejections = 1
    Promise.reject(new Error('expected'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    globalThis.__expectRejections = 0
  })
  test.skip('skipped', () => {}, 'for a reason')
  test.run()`
  const { code, text, names } = await run(source, portable.join())
  assert.is(code, 0, text)
  assert.match(text, new RegExp(`^${names.length} passed, 0 failed, ${names.length} skipped$`, 'm'))
})

test('shows where in the sources a test failed', async () => {
  const { text } = await run(`${head}\n\n\ntest('one', () => { throw new Error('here') })\ntest.run()`, 'node,workerd')
  assert.is([...text.matchAll(/a\.test\.ts:4:27/g)].length, 2, text)
})

test.run()
