import { openRecord } from '../record/open.ts'
import { printToConsole } from './_console.ts'
import { type ExitOptions, exitHooks } from './_exit.ts'
import { later } from './_later.ts'
import type { NodeModules, ProcessLike } from './_modules.ts'
import { writeAll } from './_print.ts'
import { SIGNALS } from './_signals.ts'
import { threadStarter } from './_thread.ts'
import type { Runtime } from './types.ts'

type Stream = 'stdout' | 'stderr'
const descriptors = { stdout: 1, stderr: 2 }

/** Where a runtime that has Node's modules does something in its own way. */
export interface Differences extends Partial<ExitOptions & Pick<Runtime, 'name' | 'env' | 'isTerminal'>> {
  write?(stream: Stream, bytes: Uint8Array): number
}

/** A runtime out of `node:` modules. */
export function nodeLike(modules: NodeModules, differences: Differences = {}): Runtime {
  const { name = 'node', write = writeTo } = differences
  const hooks = exitHooks(() => modules.process, { signals: SIGNALS, ...differences })

  // Without files yet (see importSoon) there is still the console.
  function print(stream: Stream, line: string): void {
    if (differences.write || modules.fs) writeAll((bytes) => write(stream, bytes), `${line}\n`)
    else printToConsole(stream, line)
  }

  function writeTo(stream: Stream, bytes: Uint8Array): number {
    return modules.fs!.writeSync(descriptors[stream], bytes)
  }

  // Not process.stdout: making that stream turns a shared pipe non-blocking, so only where nothing else is there.
  function isTerminal(stream: Stream): boolean {
    const { tty } = modules
    return tty ? tty.isatty(descriptors[stream]) : modules.process[stream].isTTY === true
  }

  // Deno shares them with its threads, and asks a person before it shows all of them.
  const variables = () => (name === 'deno' ? undefined : { ...modules.process.env, NODE_OPTIONS: '' })

  return {
    name,
    env: differences.env ?? ((key) => modules.process.env[key]),
    print,
    isTerminal: differences.isTerminal ?? isTerminal,
    get fs() {
      return modules.fs
    },
    later: (task, ms) => (hooks.ended() ? undefined : later(task, ms)),
    onExit: hooks.onExit,
    get startThread() {
      return modules.threads && threadStarter(modules.threads.Worker, variables)
    },
    require: (name) => modules.require(name),
    storage() {
      const { hooks } = modules
      return hooks && new hooks.AsyncLocalStorage()
    },
    processes: {
      get pid() {
        return modules.process.pid
      },
      isRunning: (pid) => isRunning(modules.process, pid)
    },
    openRecord(...given) {
      return openRecord(this, ...given)
    },
    frozenClock: false
  }
}

function isRunning(process: ProcessLike, pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It runs, and belongs to somebody else.
    return (error as { code?: string }).code === 'EPERM'
  }
}
