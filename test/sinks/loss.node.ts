import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fromJson } from '../../src/formats/json.ts'
import { scratch } from '../_run/runtime.ts'
import { bundle, type Ending, linesOf, run, starters } from '../runtimes/_children.ts'

const CALLS = 10_000

/** How a process ends after its calls; a killed one says first that it is ready. */
const endings: Record<string, string> = {
  'natural end': '',
  'process.exit': 'process.exit(3)',
  'uncaught error': "throw new Error('boom')",
  'unhandled rejection': "Promise.reject(new Error('boom'))",
  SIGTERM: 'wait()',
  SIGINT: 'wait()',
  SIGHUP: 'wait()'
}

const program = (ending: string, recording: string, calls: string): string => `
import process from 'node:process'
${recording}
const add = make((left, right) => left + right)
for (let i = 0; i < ${CALLS}; i++) add(i, 7)
const wait = () => {
  process.stdout.write('ready')
  setTimeout(() => {}, 6000)
}
${calls}
${ending}`

const WITHOUT = 'const make = (fn) => fn'
const withSink = (path: string): string => `
import { createLogger } from '../../src/index.ts'
import { jsonSink } from '../../src/sinks/json.ts'
const logger = createLogger({ sinks: [jsonSink(${JSON.stringify(path)})] })
const make = (fn) => logger.wrap(fn, 'add')`

/** What a caller of the process sees: not the text of errors, which names places in the bundle. */
const visible = ({ code, signal, stdout, stderr }: Ending): object => ({
  code,
  signal,
  stdout,
  says: [stderr.includes('boom'), stderr.includes('[nfo]')]
})

for (const runtime of ['node', 'deno', 'bun']) {
  const test = suite(`loss, ${runtime}, jsonSink`)
  for (const [name, ending] of Object.entries(endings)) {
    test(`${CALLS} calls and then ${name}: none lost, none twice, and the end is the same`, async () => {
      const path = scratch('loss.jsonl')
      const start = async (recording: string): Promise<Ending> => {
        const file = await bundle(program(ending, recording, ''))
        return run(
          [...starters[runtime], file],
          (pid) => ending === 'wait()' && process.kill(pid, name as NodeJS.Signals)
        )
      }
      const [bare, recorded] = [await start(WITHOUT), await start(withSink(path))]
      assert.equal(visible(recorded), visible(bare))
      const entries = linesOf(path).map(fromJson)
      assert.is(entries.length, CALLS)
      assert.ok(entries.every(({ args, returnValue }, i) => args[0] === i && returnValue === i + 7))
      assert.is(new Set(entries.map(({ sequence }) => sequence)).size, CALLS)
    })
  }
  test.run()
}
