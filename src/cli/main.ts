import { visible } from '../formats/inspect.ts'
import { VERSION } from '../record/version.ts'
import { runtime } from '../runtimes/generic.ts'
import { type Command, readArguments, rejectUnknown, UsageError } from './_command.ts'
import { ReaderGone } from './_output.ts'
import { hideExperimentalWarnings } from './_quiet.ts'
import { exportEntries } from './export.ts'
import { query } from './query.ts'
import { recover } from './recover.ts'
import { run } from './run.ts'
import { sql } from './sql.ts'
import { stats } from './stats.ts'

const COMMANDS: Record<string, Command> = { query, sql, stats, export: exportEntries, recover, run }

const help = `nfo: a flight recorder for functions

  nfo COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

  --help     this text; after a command, more about it
  --version  the version of nfo

  nfo query app.db --errors --last 24h
  nfo stats app.db
  nfo export app.db app.csv
  nfo recover app.nfo
  nfo run -- make test`

async function dispatch([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name.startsWith('-')) return runAlone(name === undefined ? ['--help'] : [name, ...args])
  if (name === 'help') return dispatch(args.length > 0 ? [args[0], '--help'] : ['--help'])
  rejectUnknown('command', name, [...Object.keys(COMMANDS), 'help'])
  const command = COMMANDS[name]
  const { values, positionals } = readArguments(command.options, args)
  if (values.help) return runtime.print('stdout', command.help)
  await command.run(values, positionals)
}

function runAlone(args: string[]): void {
  const { values } = readArguments({ version: { type: 'boolean' } }, args)
  runtime.print('stdout', values.version ? VERSION : help)
}

function fail(error: unknown): void {
  // `| head` has read what it wanted.
  if (error instanceof ReaderGone) return
  const text = error instanceof Error ? error.message : String(error)
  runtime.print('stderr', visible(text.startsWith('[nfo]') ? text : `[nfo] [cli] ${text}`))
  process.exitCode = error instanceof UsageError ? 2 : 1
}

hideExperimentalWarnings()
await dispatch(process.argv.slice(2)).catch(fail)
