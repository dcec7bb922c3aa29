import { openSync, writeSync } from 'node:fs'
import process from 'node:process'
import { configure, memorySink, wrap } from '../../src/index.ts'

const [mode, path, options = '{}'] = process.argv.slice(2)
const { calls = 10_000, counts = '', ...record } = JSON.parse(options)

/** Says something to the parent without waiting for the event loop. */
const say = (text: string) => writeSync(1, `${text}\n`)

const add = wrap((left: number, right: number) => left + right, 'add')
const burst = () => {
  for (let i = 0; i < calls; i++) add(i, 7)
}
const numbers = new Float64Array(2)
const hog: unknown[] = []

/** What the process does when it has made its calls. */
const endings: Record<string, () => unknown> = {
  idle: () => setTimeout(() => {}, 8000),
  loop() {
    for (;;);
  },
  abort: () => process.abort(),
  memory() {
    for (;;) hog.push(Array.from({ length: 10_000 }, (_, i) => ({ i })))
  },
  kill: () => process.kill(process.pid, 'SIGKILL'),
  exit: () => process.exit(3),
  natural() {},
  throw() {
    throw new Error('boom')
  },
  signal() {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => {}, 8000)
  },
  /** Writes down before each call and after it which one it is, until it is killed. */
  count() {
    const fd = openSync(counts, 'w')
    for (let i = calls; ; i++) {
      numbers.set([i, i])
      writeSync(fd, new Uint8Array(numbers.buffer, 0, 8), 0, 8, 0)
      add(i, 7)
      writeSync(fd, new Uint8Array(numbers.buffer, 8, 8), 0, 8, 8)
    }
  }
}

const logger = configure({ record: { path, size: 4_194_304, ...record }, sinks: [memorySink()] })
const finish = wrap((_job: object) => {
  say('ready')
  return endings[mode.replace(/^cold-/, '')]()
}, 'finish')
const main = wrap((name: string) => {
  burst()
  // The thread takes a moment to come up; a process that ends before that is a case of its own.
  if (!mode.startsWith('cold-')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  return finish({ job: name.length, password: 'hunter2' })
}, 'main')
main('nightly')
void logger
