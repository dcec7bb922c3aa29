import { statSync } from 'node:fs'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundle, run, starters } from './_children.ts'

// Writes every few milliseconds, as the recorder does, and is started by a main thread that then hangs.
const stuck = (name: string) => `
  import { runtime } from '../../src/runtimes/${name}.ts'
  const source = \`
    const { appendFileSync } = require('node:fs')
    const { workerData } = require('node:worker_threads')
    const never = new Int32Array(new SharedArrayBuffer(4))
    for (;;) {
      appendFileSync(workerData.path, '.')
      Atomics.wait(never, 0, 0, 5)
    }\`
  runtime.startThread(source, { path: process.argv[2] })
  runtime.print('stdout', 'looping')
  for (;;);`

const idle = (name: string) => `
  import { runtime } from '../../src/runtimes/${name}.ts'
  const wait = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)"
  const tick = "require('node:worker_threads').parentPort.postMessage(1); setInterval(() => {}, 1000)"
  for (const source of [wait, tick]) {
    const thread = runtime.startThread(source, undefined)
    thread.onMessage(() => {})
    thread.onError(() => {})
  }
  runtime.later(() => {}, 60_000)
  runtime.onExit(() => {})`

for (const name of ['node', 'deno', 'bun']) {
  const test = suite(`threads on ${name}`)
  const installed = skipUnless(test, starters[name][0] !== '', `no ${name}; npm install`)

  installed('go on while the main thread is stuck, until SIGKILL', async () => {
    const path = scratch('count')
    const script = await bundle(stuck(name))
    const counts: number[] = []
    const look = () => void counts.push(statSync(path).size)
    const { signal } = await run([...starters[name], script, path], (pid) => {
      setTimeout(look, 400)
      setTimeout(() => {
        look()
        process.kill(-pid, 'SIGKILL')
      }, 700)
    })
    look()
    assert.is(signal, 'SIGKILL')
    assert.ok(counts[0] > 0, `${counts}`)
    assert.ok(counts[1] > counts[0] + 5, `${counts}`)
    assert.ok(counts[2] >= counts[1], `${counts}`)
  })

  installed('timers and exit listeners do not keep the process alive', async () => {
    const began = Date.now()
    const ending = await run([...starters[name], await bundle(idle(name))])
    assert.equal(ending, { code: 0, signal: null, stdout: '', stderr: '' })
    assert.ok(Date.now() - began < 4000)
  })

  test.run()
}
