import { constants } from 'node:os'
import { sinkOf } from '../configure/specs.ts'
import type { Sink } from '../core/types.ts'
import { visible } from '../formats/inspect.ts'
import { runtime } from '../runtimes/generic.ts'
import { type Command, UsageError } from './_command.ts'
import { type Outcome, runChild } from './_runChild.ts'
import { commandEntry } from './_runEntry.ts'
import { record } from './_runRecord.ts'
import { baseName, redactArguments } from './_runSecrets.ts'

const help = `Runs a command and records it as one call: arguments, exit code, signal, duration, the last lines it printed.

  nfo run [options] -- COMMAND [ARGUMENT …]

  --sink SPEC   where to record, also more than once: sqlite:FILE, json:FILE, csv:FILE, md:FILE, console:
                (NFO_SINKS, else sqlite:nfo.db)
  --name NAME   what to call it (the base name of the command)
  --lines N     so many last lines of standard output and standard error each (20)
  --no-capture  leaves the output alone: for what needs a terminal, and for what goes on in the background
  --help        this text

  nfo run -- make test
  nfo run --name backup --sink json:backup.jsonl -- rsync -a data/ nas:data/
  nfo run --no-capture -- vim notes.txt

Output passes through as it comes, and the end is the command's own: its exit code, or the signal that killed it.
127: not found. 126: cannot be started. Secrets are left out of arguments and lines where their names or shapes tell.
NFO_ENV and NFO_VERSION are recorded too.`

export const run: Command = {
  summary: 'runs a command and records it',
  help,
  options: {
    sink: { type: 'string', multiple: true },
    name: { type: 'string' },
    lines: { type: 'string' },
    'no-capture': { type: 'boolean' }
  },
  async run({ sink, name, lines = '20', 'no-capture': inherit }, positionals) {
    const [command, ...args] = commandOf(positionals)
    const count = readLines(String(lines))
    const sinks = sinksOf(sink as string[] | undefined)
    const outcome = await runChild(command, args, !inherit)
    if (outcome.refusal) complain(`[nfo] [run] cannot start ${command}: ${outcome.refusal}; ${FIX}`)
    const named = name === undefined ? baseName(command) : String(name)
    const entry = commandEntry(named, redactArguments(command, args), outcome, count)
    // What goes wrong here is said, and nothing more: the command's end is the command's.
    for (const each of sinks) await record(each, entry).catch(complain)
    endLike(outcome)
  }
}

const FIX = 'check its name, its permissions and PATH'

const complain = (what: unknown): void =>
  runtime.print('stderr', visible(what instanceof Error ? what.message : String(what)))

/** Everything behind the first `--`. Without it nobody could tell the command's options from ours. */
function commandOf(positionals: string[]): string[] {
  const typed = process.argv.slice(2)
  const at = typed.indexOf('--')
  if (at >= 0 && positionals.length > 0 && typed.length - at - 1 === positionals.length) return positionals
  const wrong = positionals.length === 0 ? 'there is no command' : "'--' has to stand before the command"
  throw new UsageError(`[nfo] [run] ${wrong}; use nfo run -- make test`)
}

function readLines(given: string): number {
  if (/^\d+$/.test(given)) return Number(given)
  throw new UsageError(`[nfo] [run] --lines is '${given}'; use a number from 0 up`)
}

function sinksOf(given: string[] | undefined): Sink[] {
  const configured = runtime.env('NFO_SINKS')?.split(',').filter(Boolean)
  const specs = given ?? configured ?? ['sqlite:nfo.db']
  try {
    return specs.map((spec) => sinkOf(spec, 'run'))
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** Ends this process like the command ended. */
function endLike({ code, signal }: Outcome): never {
  if (signal) {
    const ignore = (): void => {}
    // Node ignores some signals and acts on others. Taking every listener back leaves what the system does by itself;
    // SIGKILL has none.
    if (signal !== 'SIGKILL') process.on(signal, ignore).removeAllListeners(signal)
    process.kill(process.pid, signal)
  }
  process.exit(signal ? 128 + constants.signals[signal] : code)
}
