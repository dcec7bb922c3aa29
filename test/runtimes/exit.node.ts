import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundle, type Ending, linesOf, run, starters } from './_children.ts'

interface Case {
  mode: string
  /** Sent when the child is ready. */
  signal?: NodeJS.Signals
  /** What the journal must hold, in order, besides reasons that come again. */
  journal: string[]
  /** Another entry of `starters`. */
  starter?: string
  /** What starts the command. */
  prefix?: string[]
}

// As at a terminal: the output goes to a file.
const nohup = ['sh', '-c', `exec nohup "$0" "$@" > "${scratch('nohup.out')}"`]
const error = ['early', '(error)']
const exit = ['early', '(exit)']
const signalled = ['early', '(signal)']
const late = [...exit, 'late']

const everywhere: Case[] = [
  { mode: 'natural', journal: exit },
  { mode: 'exit', journal: exit },
  { mode: 'exitCode', journal: exit },
  { mode: 'throw', journal: error },
  { mode: 'throwLater', journal: error },
  { mode: 'abort', journal: error },
  { mode: 'signal', signal: 'SIGTERM', journal: signalled },
  { mode: 'signal', signal: 'SIGINT', journal: signalled },
  { mode: 'ownHandler', signal: 'SIGTERM', journal: [...signalled, 'late'] },
  { mode: 'ownHandlerTwice', journal: [...signalled, 'late'] },
  { mode: 'onceAndAgain', signal: 'SIGTERM', journal: signalled },
  { mode: 'countingHandler', signal: 'SIGTERM', journal: signalled },
  { mode: 'lateNatural', journal: late },
  { mode: 'lateExit', journal: late },
  { mode: 'exitInExit', journal: late },
  { mode: 'throwInExit', journal: exit },
  { mode: 'caught', journal: [...error, 'late'] }
]

// Deno runs no exit handlers after an error, so there is nothing late, and signal handlers in the order they came. Bun
// has no event for a rejection but the exit.
const special: Record<string, Case[]> = {
  node: [
    { mode: 'onceBefore', signal: 'SIGTERM', journal: [...signalled, 'late'] },
    { mode: 'reject', journal: error },
    { mode: 'rejectLater', journal: error },
    { mode: 'lateThrow', journal: [...error, '(exit)', 'late'] },
    { mode: 'lateReject', journal: [...error, '(exit)', 'late'] },
    { mode: 'signal', signal: 'SIGHUP', journal: signalled }
  ],
  deno: [
    { mode: 'onceBefore', signal: 'SIGTERM', journal: ['early', 'late', '(signal)'] },
    { mode: 'reject', journal: error },
    { mode: 'rejectLater', journal: error },
    { mode: 'lateThrow', journal: error },
    { mode: 'denoExit', journal: exit },
    { mode: 'denoHandler', signal: 'SIGTERM', journal: signalled },
    { mode: 'signal', signal: 'SIGHUP', journal: signalled, starter: 'denoWithAll' },
    { mode: 'signal', signal: 'SIGHUP', journal: signalled },
    { mode: 'hangUp', journal: signalled, prefix: nohup },
    { mode: 'hangUp', journal: signalled, starter: 'denoWithAll', prefix: nohup }
  ],
  bun: [
    { mode: 'onceBefore', signal: 'SIGTERM', journal: [...signalled, 'late'] },
    { mode: 'reject', journal: exit },
    { mode: 'rejectLater', journal: exit },
    { mode: 'lateThrow', journal: [...error, '(exit)', 'late'] },
    { mode: 'signal', signal: 'SIGHUP', journal: signalled },
    { mode: 'hangUp', journal: signalled, prefix: nohup }
  ]
}

/** Without what differs with the runtime's own path to an event, or, after an abort, between any two runs. */
function comparable({ stderr, ...ending }: Ending, mode: string): unknown {
  return mode === 'abort' ? ending : { ...ending, stderr: stderr.replaceAll(/\((node|ext):[^)]*\)/g, '') }
}

/** What was noted, and each reason when it first came. */
const firsts = (lines: string[]): string[] => [...new Set(lines)]

function startsWith(lines: string[], expected: string[]): void {
  assert.equal(firsts(lines).slice(0, Math.max(expected.length, 1)), expected, lines.join(' '))
}

async function endsAlike(name: string, script: string, testCase: Case): Promise<void> {
  const { mode, signal, journal, starter = name, prefix = [] } = testCase
  const path = scratch('journal')
  const command = [...prefix, ...starters[starter], script, mode, path]
  const whenReady = signal && ((pid: number) => void process.kill(pid, signal))
  const endings = await Promise.all([run([...command, 'without'], whenReady), run([...command, 'with'], whenReady)])
  const [without, recorded] = endings.map((ending) => comparable(ending, mode))
  assert.equal(recorded, without)
  startsWith(linesOf(path), journal)
}

for (const [name, cases] of Object.entries(special)) {
  const test = suite(`ways to end on ${name}`)
  const installed = skipUnless(test, starters[name][0] !== '', `no ${name}; npm install`)
  let script = ''
  test.before(async () => {
    script = await bundle(`
      import { runtime } from '../../src/runtimes/${name}.ts'
      import { endAs } from './_endings.ts'
      endAs(process.argv[4] === 'with' ? runtime : undefined)`)
  })
  for (const testCase of [...everywhere, ...cases]) {
    const { mode, signal = '', starter = '', prefix } = testCase
    const title = [prefix && 'nohup', mode, signal, starter].filter(Boolean).join(' ')
    installed(title, () => endsAlike(name, script, testCase))
  }
  test.run()
}
