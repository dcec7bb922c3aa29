/** How a process ends after its calls; one that is to be killed says first that it is ready. */
export const endings = {
  'natural end': '',
  'process.exit': 'process.exit(3)',
  'uncaught error': "throw new Error('boom')",
  'unhandled rejection': "Promise.reject(new Error('boom'))",
  SIGTERM: 'wait()',
  SIGINT: 'wait()',
  SIGHUP: 'wait()',
  'SIGKILL when idle': 'setTimeout(wait, 400)',
  'SIGKILL while it writes': 'writeOn()'
} as const

export type EndingName = keyof typeof endings

export const CALLS = 10_000

/** Milliseconds from a call to the sinks, when nothing else is said. */
export const INTERVAL = 100

/**
 * A cold program: the calls come first, and nothing is awaited before them. It is started with the name of its ending and
 * the path to record to; `recorder` defines `recording(path)`, which gives the wrap that is used.
 */
export const program = (recorder: string): string => `
import fs from 'node:fs'
import process from 'node:process'
${recorder}
const [ending, path] = process.argv.slice(2)
const add = recording(path)((left, right) => left + right, 'add')
let count = 0
const call = (times) => {
  for (const end = count + times; count < end; count++) add(count, 7)
}
const say = (text) => fs.writeSync(1, new TextEncoder().encode(text))
const wait = () => {
  say('ready')
  setTimeout(() => {}, 6000)
}
// Says how many calls it has made by what time.
const writeOn = () => {
  const quiet = Date.now() + 500
  setInterval(() => {
    call(20)
    if (Date.now() > quiet && count > ${CALLS + 1000}) say(count + ' ' + Date.now() + '\\n')
  }, 2)
}
call(${CALLS})
const endings = {
  ${Object.entries(endings)
    .map(([name, code]) => `'${name}': () => { ${code} }`)
    .join(',\n  ')}
}
endings[ending]()`

export const WITHOUT = 'const recording = () => (fn) => fn'

export const withSink = (file: string, factory: string, options = '{}'): string => `
import { createLogger } from '../../src/index.ts'
import { ${factory} } from '../../src/sinks/${file}.ts'
const recording = (path) => createLogger({ sinks: [${factory}(path, ${options})] }).wrap`
