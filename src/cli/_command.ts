import { type ParseArgsConfig, parseArgs } from 'node:util'
import { similar } from '../core/options.ts'

/** What was typed makes no sense; ends with code 2. */
export class UsageError extends Error {}

export interface Command {
  /** A line for the list of commands. */
  summary: string
  /** Usage, options, examples. */
  help: string
  options: NonNullable<ParseArgsConfig['options']>
  /** Throws an error that names the package, the part and the fix. Sets `process.exitCode` where it is not 0. */
  run(values: Record<string, unknown>, positionals: string[]): void | Promise<void>
}

/** Throws a UsageError for what is not known, with the known one that is nearest. */
export function rejectUnknown(what: string, given: string, known: readonly string[]): void {
  if (known.includes(given)) return
  const alike = known.filter((other) => similar(given, other))
  // Few mistype the first letter.
  const near = alike.find((other) => firstLetter(other) === firstLetter(given)) ?? alike[0]
  const fix = near ? `did you mean '${near}'?` : `use ${known.join(', ')}`
  throw new UsageError(`[nfo] [cli] unknown ${what} '${given}'; ${fix}`)
}

const firstLetter = (name: string): string => name.replace(/^-+/, '').charAt(0)

/** Reads a command's arguments. */
export function readArguments(options: Command['options'], args: string[]): ReturnType<typeof parseArgs> {
  const known: Command['options'] = { help: { type: 'boolean' }, ...options }
  const given = { args, options: known, allowPositionals: true }
  const { tokens } = parseArgs({ ...given, strict: false, tokens: true })
  const names = Object.entries(known).flatMap(([name, { short }]) => [`--${name}`, ...(short ? [`-${short}`] : [])])
  for (const token of tokens) if (token.kind === 'option') rejectUnknown('option', token.rawName, names)
  try {
    return parseArgs(given)
  } catch (error) {
    throw new UsageError(`[nfo] [cli] ${(error as Error).message.replaceAll('\n', ' ')}; see --help`)
  }
}

/** The one file that a command is about. */
export function onlyFile(command: string, example: string, positionals: string[]): string {
  if (positionals.length === 1) return positionals[0]
  const wrong = positionals.length === 0 ? 'no file is given' : `there is one file to give, not ${positionals.length}`
  throw new UsageError(`[nfo] [${command}] ${wrong}; use ${example}`)
}

/** One of the known words, or nothing. */
export function oneOf<Known extends string>(
  option: string,
  given: unknown,
  known: readonly Known[]
): Known | undefined {
  if (given === undefined) return undefined
  rejectUnknown(option, String(given), known)
  return given as Known
}
