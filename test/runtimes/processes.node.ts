import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipUnless } from '../_run/runtime.ts'
import { bundle, run, starters } from './_children.ts'

const using = (name: string, body: string) => bundle(`import { runtime } from '../../src/runtimes/${name}.ts'\n${body}`)
const shell = (script: string) => ['sh', '-c', script, 'sh']
const lines = 20_000

for (const name of ['node', 'deno', 'bun']) {
  const test = suite(`a process on ${name}`)
  const installed = skipUnless(test, starters[name][0] !== '', `no ${name}; npm install`)

  installed('prints to the right stream, and each line whole', async () => {
    const script = await using(name, `runtime.print('stdout', 'žluťoučký ☂'); runtime.print('stderr', 'err')`)
    const ending = await run([...starters[name], script])
    assert.equal(ending, { code: 0, signal: null, stdout: 'žluťoučký ☂\n', stderr: 'err\n' })
  })

  // Another holder of the pipe makes it non-blocking for all; a full one then answers EAGAIN.
  installed('prints all of it to a full pipe that does not block', async () => {
    const script = await using(
      name,
      `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
      for (let i = 0; i < ${lines}; i++) runtime.print('stdout', 'x'.repeat(50))`
    )
    const nonBlocking = await bundle(`
      import { Socket } from 'node:net'
      new Socket({ fd: 1, readable: false })
      setTimeout(() => {}, 1500)`)
    const slowly = shell('node=$1 holder=$2; shift 2; { "$node" "$holder" & "$@"; } | { sleep 0.8; wc -l; }')
    const { stdout, stderr } = await run([...slowly, process.execPath, nonBlocking, ...starters[name], script])
    assert.is(stderr, '')
    assert.is(stdout.trim(), String(lines))
  })

  installed('does not mind that the reader of its output has gone', async () => {
    const body = `for (let i = 0; i < ${lines}; i++) runtime.print('stdout', 'x'.repeat(50))
      runtime.print('stderr', 'still here')`
    const { stderr } = await run([...shell('"$@" | true'), ...starters[name], await using(name, body)])
    assert.is(stderr, 'still here\n')
  })

  installed('sets no timer once it is in its exit handlers', async () => {
    const body = `runtime.onExit(() => {})
      process.on('exit', () => runtime.print('stdout', typeof runtime.later(() => {}, 1)))`
    const { stdout } = await run([...starters[name], await using(name, body)])
    assert.is(stdout, 'undefined\n')
  })

  test.run()
}

const test = suite('a process with less')
const onDeno = skipUnless(test, starters.deno[0] !== '', 'no deno; npm install')

const members = `
  runtime.onExit(() => runtime.print('stdout', 'exit'))
  runtime.later(() => {}, 1)
  runtime.isTerminal('stdout')
  const thread = runtime.startThread('require("node:worker_threads").parentPort.postMessage("thread")', undefined)
  thread.onError((error) => runtime.print('stderr', String(error)))
  thread.onMessage((message) => {
    thread.stop()
    runtime.print('stdout', message)
  })
  runtime.print('stdout', String(runtime.env('HOME')))
  setTimeout(() => {}, 1000)`

for (const name of ['deno', 'generic']) {
  onDeno(`${name}.ts on Deno without any permission`, async () => {
    const ending = await run([...starters.denoWithNothing, await using(name, members)])
    assert.equal(ending, { code: 0, signal: null, stdout: 'undefined\nthread\nexit\nexit\nexit\n', stderr: '' })
  })
}

test('generic.ts on Node before 20.16, a moment after it was imported', async () => {
  const body = `const early = runtime.fs
    runtime.print('stdout', 'by the console')
    setTimeout(() => {
      runtime.print('stdout', [typeof early, typeof runtime.fs.openSync, typeof runtime.startThread].join(' '))
    }, 100)`
  const older = await bundle('process.getBuiltinModule = undefined')
  const ending = await run([process.execPath, '--import', older, await using('generic', body)])
  assert.equal(ending, { code: 0, signal: null, stdout: 'by the console\nundefined function function\n', stderr: '' })
})

test.run()
