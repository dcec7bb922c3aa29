import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ExitReason, Runtime } from '../../src/runtimes/types.ts'
import { has, runtimeName, scratch, skipUnless } from '../_run/runtime.ts'

type Listener = () => void
interface NodeProcess {
  abort: Listener
  reallyExit: Listener
  emit(event: string, ...values: unknown[]): void
  eventNames(): string[]
  listeners(event: string): Listener[]
}

const nodeProcess = (globalThis as unknown as { process: NodeProcess }).process
const encode = (text: string) => new TextEncoder().encode(text)
const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Everything the runtime has put into the process. */
function traces(): unknown[] {
  const events = ['exit', 'beforeExit', 'uncaughtExceptionMonitor', 'SIGTERM', 'SIGINT', 'SIGHUP']
  return [nodeProcess.abort, nodeProcess.reallyExit, ...events.map((event) => nodeProcess.listeners(event).length)]
}

/** Something that makes `onExit` listeners run and does not end anything. */
function provoke(): ExitReason {
  if (has.process) nodeProcess.emit('uncaughtExceptionMonitor', new Error('provoked'), 'uncaughtException')
  else globalThis.dispatchEvent(new Event('pagehide'))
  return has.process ? 'error' : 'hidden'
}

/** What every runtime does, for the one that this runs on. */
export function runtimeContract(title: string, runtime: Runtime): void {
  const test = suite(title)
  const withExits = skipUnless(test, runtimeName !== 'workerd', 'a Worker is not told that it ends')
  const withProcess = skipUnless(test, has.process, 'no process')
  const withFiles = skipUnless(test, has.files, 'no file system')
  const withThreads = skipUnless(test, has.threads, 'no threads')

  // Before Node 20.16 an ES module gets what it did not import a moment later.
  test.before(async () => {
    while (has.files && (!runtime.fs || !runtime.startThread)) await soon(1)
  })

  test('knows where it is', () => {
    assert.is(runtime.name, runtimeName)
    assert.is(runtime.frozenClock, runtimeName === 'workerd')
    assert.is(runtime.fs !== undefined, has.files)
    assert.is(runtime.startThread !== undefined, has.threads)
  })

  test('has no value for a variable that is not set', () => {
    assert.is(runtime.env('NFO_NEVER_SET'), undefined)
  })

  withProcess('reads a variable', () => {
    assert.ok(runtime.env('TEST_SCRATCH'))
  })

  test('prints and knows terminals', () => {
    runtime.print('stdout', '')
    runtime.print('stderr', '')
    assert.type(runtime.isTerminal('stdout'), 'boolean')
    assert.type(runtime.isTerminal('stderr'), 'boolean')
  })

  test('runs a task later, once, unless cancelled', async () => {
    const ran: string[] = []
    assert.type(
      runtime.later(() => ran.push('kept'), 5),
      'function'
    )
    const cancel = runtime.later(() => ran.push('cancelled'), 5)
    cancel!()
    assert.equal(ran, [])
    await soon(40)
    assert.equal(ran, ['kept'])
    cancel!()
  })

  test('takes back a listener, twice if need be', () => {
    const undo = runtime.onExit(() => assert.unreachable('nothing ends here'))
    undo()
    undo()
  })

  withExits('tells every listener, also after one that throws', () => {
    const heard: string[] = []
    const undo = [
      runtime.onExit(() => {
        throw new Error('a sink that fails on the way out')
      }),
      runtime.onExit((reason) => heard.push(`one ${reason}`)),
      runtime.onExit((reason) => heard.push(`two ${reason}`))
    ]
    undo.pop()!()
    const reason = provoke()
    assert.equal(heard, [`one ${reason}`])
    for (const step of undo) step()
    provoke()
    assert.equal(heard, [`one ${reason}`])
  })

  withProcess('does not call a listener again that ends the process once more', () => {
    let calls = 0
    const undo = runtime.onExit(() => {
      calls++
      provoke()
    })
    provoke()
    undo()
    assert.is(calls, 1)
  })

  withProcess('leaves the process as it was when the last listener is taken back', () => {
    const before = traces()
    const first = runtime.onExit(() => {})
    const second = runtime.onExit(() => {})
    const during = traces()
    assert.is.not(during[0], before[0])
    first()
    assert.equal(traces(), during)
    second()
    assert.equal(traces(), before)
  })

  withFiles('has the file functions', () => {
    const fs = runtime.fs!
    const folder = scratch('folder')
    const path = `${folder}/deep/a.txt`
    fs.mkdirSync(`${folder}/deep`, { recursive: true })
    const fd = fs.openSync(path, 'w+')
    assert.is(fs.writeSync(fd, encode('hello world')), 11)
    assert.is(fs.writeSync(fd, encode('HELLO'), 1, 4, 7), 4)
    fs.fsyncSync(fd)
    const back = new Uint8Array(11)
    assert.is(fs.readSync(fd, back, 0, 11, 0), 11)
    assert.equal(back, encode('hello wELLO'))
    assert.is(fs.fstatSync(fd).size, 11)
    fs.closeSync(fd)
    fs.renameSync(path, `${folder}/b.txt`)
    assert.is(fs.statSync(`${folder}/b.txt`).size, 11)
    assert.equal(new Uint8Array(fs.readFileSync(`${folder}/b.txt`)), encode('hello wELLO'))
    fs.unlinkSync(`${folder}/b.txt`)
    assert.throws(() => fs.statSync(`${folder}/b.txt`))
  })

  withThreads('starts a thread that shares memory and files and runs while this one is stuck', () => {
    const shared = new Int32Array(new SharedArrayBuffer(8))
    const path = scratch('thread.txt')
    const source = `
      const { workerData } = require('node:worker_threads')
      const { shared, path } = workerData
      require('node:fs').writeFileSync(path, 'from the thread')
      Atomics.store(shared, 0, 42)
      Atomics.notify(shared, 0)
      Atomics.wait(shared, 1, 0)`
    const thread = runtime.startThread!(source, { shared, path })
    Atomics.wait(shared, 0, 0, 8000)
    const text = new TextDecoder().decode(runtime.fs!.readFileSync(path))
    thread.stop()
    assert.is(shared[0], 42)
    assert.is(text, 'from the thread')
  })

  withThreads('passes on messages; a thread that is stopped has not failed', async () => {
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      parentPort.postMessage({ got: workerData })
      setInterval(() => {}, 1000)`
    const failures: unknown[] = []
    const thread = runtime.startThread!(source, 'data')
    thread.onError((error) => failures.push(error))
    const message = await new Promise((resolve) => thread.onMessage(resolve))
    assert.equal(message, { got: 'data' })
    thread.stop()
    await soon(50)
    assert.equal(failures, [])
  })

  withThreads('tells once of a thread that dies', async () => {
    const deaths: Record<string, string> = {
      "throw new TypeError('broken')": 'broken',
      'not even JavaScript': '',
      'process.exit(3)': '[nfo] [thread]',
      '1 + 1': '[nfo] [thread]'
    }
    for (const [source, message] of Object.entries(deaths)) {
      const errors: Error[] = []
      const thread = runtime.startThread!(source, undefined)
      await new Promise<void>((resolve) => {
        thread.onError((error) => {
          errors.push(error as Error)
          resolve()
        })
      })
      await soon(20)
      assert.is(errors.length, 1, source)
      assert.ok(errors[0].message.includes(message), errors[0].message)
    }
  })

  test.run()
}
