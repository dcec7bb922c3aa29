import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readRecord } from '../../src/record/read.ts'
import { packagedBinary } from '../_run/binaries.mjs'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { run } from '../runtimes/_children.ts'

const examplesSuite = suite('bun: examples')
const bun = packagedBinary('bun') ?? ''
const isReady = bun !== '' && existsSync('dist/bun/index.js')
const test = skipUnless(examplesSuite, isReady, 'no bun or no build; npm install, npm run build')

test('main.ts serves, and its rows are in SQLite', async () => {
  const path = scratch('shop.db')
  const { stdout, stderr } = await run([bun, 'run', '--no-install', 'examples/bun/main.ts', path])
  assert.is(stderr, '')
  assert.is(
    stdout,
    `3 · sorry · not found
INFO GET /items/:item ["/items/tea"] null 
ERROR GET /items/:item ["/items/umbrella"] sold out 
WARNING GET ["/nowhere"] null 
DEBUG priceOf ["tea"] null by a request
ERROR priceOf ["umbrella"] sold out by a request
`
  )
})

test('a path is opened by bun:sqlite, also where sql.js is installed', async () => {
  const script = `
    import { openDriver } from './src/drivers/open.ts'
    console.log(openDriver(process.argv.at(-1), { part: 'sqlite' }).name)`
  const { stdout, stderr } = await run([bun, '--no-install', '-e', script, scratch('chosen.db')])
  assert.equal([stdout, stderr], ['bun:sqlite\n', ''])
})

/** What 100 jobs leave behind; the database is asked, as its rows may still be in its log. */
async function assertLeft(folder: string, closed: boolean): Promise<void> {
  assert.is(readFileSync(`${folder}/jobs.jsonl`, 'utf8').split('\n').length - 1, 100)
  const count = `console.log(new (require('bun:sqlite').Database)(process.argv.at(-1)).query('SELECT count(*) FROM logs').values()[0][0])`
  assert.is((await run([bun, '-e', count, `${folder}/jobs.db`])).stdout, '100\n')
  const found = readRecord(readFileSync(`${folder}/jobs.nfo`))
  assert.is(found.closed, closed)
  assert.is(found.entries.length, 100)
  const open = found.open.map(({ functionName, args }) => [functionName, args[0]])
  assert.equal(open, closed ? [] : [['work', 100]])
}

// One binary for all: it is 100 MB.
test('bun build --compile: jobs.ts leaves a file, rows and a record file, also after SIGKILL in an endless loop', async () => {
  const [folder, app] = [scratch('data'), scratch('jobs')]
  const made = await run([
    bun,
    'build',
    '--compile',
    'examples/bun/jobs.ts',
    'examples/bun/nfo-thread.ts',
    '--outfile',
    app
  ])
  try {
    assert.is(made.code, 0, made.stderr)
    mkdirSync(`${folder}/hung`, { recursive: true })
    const ended = await run([app, folder])
    assert.equal([ended.stdout, ended.stderr], ['100 jobs\n', ''])
    await assertLeft(folder, true)
    const kill = (pid: number) => setTimeout(() => process.kill(pid, 'SIGKILL'), 300)
    const hung = await run([app, `${folder}/hung`, 'hang'], kill)
    assert.equal([hung.signal, hung.stderr], ['SIGKILL', ''])
    await assertLeft(`${folder}/hung`, false)
    mkdirSync(`${folder}/threaded`)
    const threaded = await run([app, `${folder}/threaded`, 'thread'])
    // Without its code it would say that the main thread writes.
    assert.equal([threaded.stdout, threaded.stderr], ['100 jobs\n', ''])
    await assertLeft(`${folder}/threaded`, true)
    const { stdout } = await run([process.execPath, 'dist/cli.js', 'recover', `${folder}/hung/jobs.nfo`])
    assert.match(stdout, /1 call had not returned:\n.* work\(job: 100\) … still running/)
  } finally {
    rmSync(app, { force: true })
  }
})

examplesSuite.run()
