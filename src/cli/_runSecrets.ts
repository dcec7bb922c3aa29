import { isSecretName, REDACTED, redactPairs, redactShapes } from '../core/redact.ts'

interface Letter {
  program: RegExp
  option: RegExp
  /** Whether the value may also be the next argument. */
  apart: boolean
}

// A letter means something else to every program; these are the usual ones that take a password.
const LETTERS: readonly Letter[] = [
  { program: /^(?:mysql|mariadb|7z)/, option: /^-p/, apart: false },
  { program: /^sshpass$/, option: /^-p/, apart: true },
  { program: /^curl$/, option: /^-[uU]/, apart: true },
  { program: /^redis-cli$/, option: /^-a/, apart: true },
  { program: /^ldap\w+$/, option: /^-w/, apart: true },
  { program: /^(?:zip|unzip)$/, option: /^-P/, apart: true }
]
const OPTION_AND_VALUE = /(?<![\w-])(--?[\w-]{2,64})([ \t]+)("[^"]*"?|'[^']*'?|[^\s"'-]\S*)/g

/** A text without what looks like a secret, or stands behind the name of one: `token=…`, `--password …`. */
export function redactText(text: string): string {
  const withoutOptions = text.replace(OPTION_AND_VALUE, (all, name, space) =>
    isSecretName(name) ? name + space + REDACTED : all
  )
  return redactShapes(redactPairs(withoutOptions))
}

/** The arguments of a command without the secrets that their shape, or the option before them, gives away. */
export function redactArguments(command: string, args: readonly string[]): string[] {
  const programs = [command, ...args].map(baseName)
  const letters = LETTERS.filter(({ program }) => programs.some((name) => program.test(name)))
  let secretComes = false
  return args.map((arg) => {
    const isSecret = secretComes && !arg.startsWith('--')
    const letter = letters.find(({ option }) => option.test(arg))
    secretComes = letter ? letter.apart && arg.length === 2 : isSecretOption(arg)
    if (isSecret) return REDACTED
    return letter && arg.length > 2 ? arg.slice(0, 2) + REDACTED : redactArgument(arg)
  })
}

/** The last part of a path. */
export const baseName = (path: string): string => path.split(/[\\/]/).findLast(Boolean) ?? path

const isSecretOption = (arg: string): boolean => /^--?[\w-]{2,}$/.test(arg) && isSecretName(arg)

/** All that follows `--token=` is the token, whatever is in it; `-D` is Java's. */
function redactArgument(arg: string): string {
  const assigned = /^(?:-D)?([\w.-]+)=/.exec(arg)
  return assigned && isSecretName(assigned[1]) ? assigned[0] + REDACTED : redactText(arg)
}
