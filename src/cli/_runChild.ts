import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, existsSync, readFileSync } from 'node:fs'
import { isatty } from 'node:tty'
import { type Channel, drain, openPipes, passThrough } from './_runPipes.ts'
import type { Tail } from './_runTail.ts'

/** How a command went. */
export interface Outcome {
  /** What a shell says of it: its exit code, 127 when it was not found, 126 when it could not be started. */
  code: number
  /** What killed it. */
  signal?: NodeJS.Signals
  /** Why it was not started. */
  refusal?: string
  /** Epoch milliseconds. */
  started: number
  durationMs: number
  /** The ends of stdout and stderr, when they were captured. */
  tails: Tail[]
}

/** Runs a command on this process's stdio and hands signals on to it. Never rejects. */
export async function runChild(command: string, args: readonly string[], capture: boolean): Promise<Outcome> {
  const pipes = capture ? openPipes() : undefined
  const started = performance.timeOrigin + performance.now()
  const time = performance.now()
  const outcome = { started, durationMs: 0, tails: [] }
  const stdio: StdioOptions = capture
    ? ['inherit', pipes?.[0].writer ?? 'pipe', pipes?.[1].writer ?? 'pipe']
    : 'inherit'
  const signals = holdSignals()
  let channels: Channel[] = []
  try {
    const child = spawn(command, args, { stdio })
    signals.forwardTo(child)
    const ended = ending(child)
    for (const { writer } of pipes ?? []) closeSync(writer)
    const sources = pipes?.map(({ reader }) => reader) ?? [child.stdout, child.stderr]
    channels = sources.flatMap((source, index) => (source ? [passThrough(source, index + 1)] : []))
    const end = await ended
    const durationMs = performance.now() - time
    await drain(channels, signals.interrupted())
    return { ...outcome, ...end, durationMs, tails: channels.map(({ tail }) => tail) }
  } catch (error) {
    for (const channel of channels) channel.stop()
    return { ...outcome, ...refusalOf(command, error), durationMs: performance.now() - time }
  }
}

/** Not `close`, which a grandchild that holds the pipes open would put off. */
function ending(child: ChildProcess): Promise<Pick<Outcome, 'code' | 'signal'>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code: code ?? 1, signal: signal ?? undefined }))
  })
}

function refusalOf(command: string, error: unknown): Pick<Outcome, 'code' | 'refusal'> {
  const { code, message } = error as { code?: string; message: string }
  if (code !== 'ENOENT') return { code: 126, refusal: code === 'EACCES' ? 'permission denied' : message }
  const isThere = /[\\/]/.test(command) && existsSync(command)
  return { code: 127, refusal: isThere ? 'the program that its first line names was not found' : 'command not found' }
}

const FROM_KEYS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']
const OTHERS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']

interface Signals {
  forwardTo(child: ChildProcess): void
  /** Settles at the next signal, which is not handed on any more. */
  interrupted(): Promise<void>
}

/** From now on a signal does not end this process: it has to say how the command ended. */
function holdSignals(): Signals {
  let take: (signal: NodeJS.Signals) => void = () => {}
  for (const signal of [...FROM_KEYS, ...OTHERS]) process.on(signal, () => take(signal))
  return {
    forwardTo(child) {
      take = (signal) => {
        // The terminal gives the keys to every process in its foreground, so the command has it already.
        if (!FROM_KEYS.includes(signal) || !inForeground()) child.kill(signal)
      }
    },
    interrupted: () =>
      new Promise((resolve) => {
        take = () => resolve()
      })
  }
}

function inForeground(): boolean {
  try {
    const facts = readFileSync('/proc/self/stat', 'utf8')
    // Behind the name in brackets: state, parent, group, session, terminal, the terminal's foreground group.
    const [, , group, , , foreground] = facts.slice(facts.lastIndexOf(')') + 2).split(' ')
    return group === foreground
  } catch {
    return isatty(0)
  }
}
