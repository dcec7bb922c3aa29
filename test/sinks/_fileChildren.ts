import { spawn } from 'node:child_process'
import process from 'node:process'
import { bundle, type Ending, starters } from '../runtimes/_children.ts'

/** A child that writes to a file, and says how far it is, one JSON text a line. */
export interface Child {
  pid: number
  ended: Promise<Ending>
  kill(signal: NodeJS.Signals): void
}

const PATIENCE_MS = 20_000
const PRELUDE = `
import { writeSync } from 'node:fs'
import process from 'node:process'
import { openTarget } from '../../src/sinks/_file.ts'
import { jsonSink } from '../../src/sinks/json.ts'
import { createLogger } from '../../src/index.ts'
const request = JSON.parse(process.argv[2], (key, value) => (value === 'Infinity' ? Infinity : value))
const say = (fact) => writeSync(1, JSON.stringify(fact) + '\\n')
`

/** Bundles a script that has `openTarget`, `jsonSink`, `createLogger`, its `request`, and `say`. */
export const script = (contents: string): Promise<string> => bundle(PRELUDE + contents)

/** Starts a script; `heard` gets each fact it says, `more` are flags of the runtime. */
export function start(
  runtime: string,
  file: string,
  request: object,
  heard: (fact: unknown) => void = () => {},
  more: string[] = []
): Child {
  const text = JSON.stringify(request, (_, value) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value))
  const [binary, ...flags] = starters[runtime]
  const child = spawn(binary, [...flags, ...more, file, text], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const seen = { stdout: '', stderr: '' }
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    seen.stdout += more
    const lines = (rest + more).split('\n')
    rest = lines.pop() as string
    for (const line of lines) heard(JSON.parse(line))
  })
  child.stderr.setEncoding('utf8').on('data', (more: string) => void (seen.stderr += more))
  const kill = (signal: NodeJS.Signals): void => void process.kill(-(child.pid as number), signal)
  const timer = setTimeout(kill, PATIENCE_MS, 'SIGKILL')
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...seen })
    })
  })
  return { pid: child.pid as number, ended, kill }
}
