import { writeSync } from 'node:fs'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { type ConfigureOptions, configure, wrap } from '../../src/index.ts'

const {
  ending,
  calls = 20_000,
  options
} = JSON.parse(process.argv[2]) as {
  ending: string
  calls?: number
  options: ConfigureOptions
}

let worker: Worker | undefined
const { postMessage } = Worker.prototype
// The worker is nobody's but nfo's: this is how a test gets hold of it.
Worker.prototype.postMessage = function (this: Worker, ...given: [unknown]) {
  worker = this
  return postMessage.apply(this, given)
}

const logger = configure(options)
const add = wrap((left: number, right: number) => left + right, 'add')
const fail = wrap((_why: string) => {
  throw new Error('failed')
}, 'fail')
// Begins before the worker is up, and ends when it is no more.
const outer = wrap(async (_first: string, _second: number) => {
  await new Promise((resolve) => setTimeout(resolve, 100))
}, 'outer')

const say = (what: unknown) => void writeSync(1, `${JSON.stringify(what)}\n`)
const burst = (): void => {
  for (let i = 0; i < calls; i++) add(i, 7)
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 2))
const boom = () => {
  throw new Error('boom')
}

/** What the process does; each prints the ledger when it can. */
const endings: Record<string, () => unknown> = {
  natural: burst,
  exit() {
    burst()
    process.exit(3)
  },
  throw() {
    burst()
    boom()
  },
  reject() {
    burst()
    void Promise.reject(new Error('boom'))
  },
  signal() {
    burst()
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => {}, 8000)
  },
  async flush() {
    const open = outer('one', 2)
    for (let round = 0; round < 10; round++) {
      burst()
      await turn()
    }
    await open
    say(await logger.flush())
  },
  async terminate() {
    const open = outer('one', 2)
    burst()
    void worker?.terminate()
    burst()
    await open
    say(await logger.flush())
  },
  async close() {
    burst()
    say(await logger.close())
    add(1, 2)
    logger.flushSync()
    say(await logger.flush())
  },
  /** One ring after the other, with a worker each. */
  async again() {
    burst()
    configure({ ...options, force: true })
    burst()
    const { flush } = configure({ ...options, force: true, ring: 65_536 })
    burst()
    say(await flush())
  },
  async levels() {
    logger.setLevel('quiet', 'warn')
    const quiet = wrap(() => 1, { module: 'quiet', name: 'quiet' })
    quiet()
    add(1, 2)
    say(await logger.flush())
  },
  async failure() {
    burst()
    await new Promise((resolve) => setTimeout(resolve, 50))
    say(logger.stats())
    try {
      fail('because')
    } catch {}
    await turn()
    say(await logger.flush())
  },
  /** A call whose beginning has long been reclaimed when something fails in it. */
  async parent() {
    const parent = wrap((_first: string, _second: number) => {
      burst()
      try {
        fail('because')
      } catch {}
    }, 'parent')
    parent('one', 2)
    await turn()
    say(await logger.flush())
  },
  async dump() {
    burst()
    say(await logger.flush())
    const held = logger.dump()
    say([held.length > 100, held[held.length - 1].args])
  }
}

process.on('exit', () => say(logger.stats()))
await endings[ending]()
