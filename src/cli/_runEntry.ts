import type { Entry } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import type { Outcome } from './_runChild.ts'

/** The call that a command was, with so many of its last lines. */
export function commandEntry(functionName: string, args: string[], outcome: Outcome, lines: number): Entry {
  const { code, signal, refusal, started: timestamp, durationMs, tails } = outcome
  const [stdout, stderr] = tails.map((tail) => tail.lines(lines))
  const extra: Record<string, unknown> = { exitCode: signal ? null : code, signal, cwd: cwd(), stdout, stderr }
  for (const key of Object.keys(extra)) if (extra[key] === undefined) delete extra[key]
  const clean = code === 0 && !signal
  const ended = clean
    ? { returnValue: 0, returnType: 'number' }
    : { exception: refusal ?? (signal ? `signal ${signal}` : `exit code ${code}`), exceptionType: 'CommandError' }
  return {
    sequence: 1,
    kind: 'call',
    timestamp,
    level: clean ? 'info' : 'error',
    functionName,
    module: '',
    params: [],
    args,
    argTypes: args.map(() => 'string'),
    ...ended,
    durationMs,
    clock: 'wall',
    spanId: 1,
    parentId: 0,
    environment: runtime.env('NFO_ENV'),
    version: runtime.env('NFO_VERSION'),
    extra
  }
}

function cwd(): string | undefined {
  try {
    return process.cwd()
  } catch {
    // It was removed.
    return undefined
  }
}
