import { rejectUnknown } from '../core/options.ts'
import { isSecretName, REDACTED, redactPairs, secretNames } from '../core/redact.ts'
import { Snapshot } from '../core/snapshot.ts'
import type { Entry, Stage } from '../core/types.ts'
import { before } from './_before.ts'
import { hash } from './_hash.ts'
import { checkNames } from './_options.ts'
import { createRewrite } from './_rewrite.ts'

export interface RedactOptions {
  /** Names of parameters, properties and headers besides the usual ones, whole and in any spelling. @default none */
  names?: readonly string[]
  /** What to leave out of texts, wherever they stand, also in the name of a property. @default none */
  patterns?: readonly RegExp[]
  /**
   * `keep`: the name stays and says that a value was left out. `remove`: the name goes too; arguments keep their
   * places. `hash`: equal texts, numbers and booleans stay recognisable, by 16 hex digits that are keyed anew in each
   * process. @default 'keep'
   */
  mode?: 'keep' | 'remove' | 'hash'
}

/** What stands in the place of a text. */
const INSTEAD: Record<string, string | undefined> = { keep: REDACTED, remove: '', hash: undefined }

/** What is looked at besides the arguments. */
const PARTS = ['returnValue', 'exception', 'traceback', 'llmAnalysis', 'extra']

/**
 * Leaves out at delivery what recording did not, by name or by pattern: in arguments, results, errors, fields, and
 * whatever they hold. In running text, the value in `name=value` is left out in every mode. Throws for names, patterns
 * or a mode that cannot be meant.
 *
 * @example
 *     pipe(redact({ names: ['email'], patterns: [/\b\d{3}-\d{2}-\d{4}\b/], mode: 'hash' }), jsonSink('app.jsonl'))
 */
export function redact(options: RedactOptions = {}): Stage {
  checkNames('redact', options, ['names', 'patterns', 'mode'])
  const { names = [], patterns = [], mode = 'keep' } = options
  rejectUnknown('redact', 'mode', [String(mode)], Object.keys(INSTEAD))
  if (!names.every?.((name) => typeof name === 'string') || !patterns.every?.((pattern) => pattern instanceof RegExp)) {
    throw new TypeError("[nfo] [redact] wrong names or patterns; use ['name'], [/x/]")
  }
  const more = secretNames(names)
  const everywhere = patterns.map((pattern) => new RegExp(pattern, `${pattern.flags.replace(/[gy]/g, '')}g`))
  const instead = INSTEAD[mode]

  function text(given: string): string {
    const left = everywhere.reduce(
      (rest, pattern) => rest.replace(pattern, (found) => found && (instead ?? hashed(found))),
      given
    )
    return /[=:]/.test(left) ? redactPairs(left, more) : left
  }

  function value(given: unknown): unknown {
    const left = instead !== undefined || given === REDACTED || typeof given === 'object'
    return left ? new Snapshot('redacted', '') : hashed(String(given))
  }

  const isSecret = (name: unknown): boolean => typeof name === 'string' && isSecretName(name, more)
  const rewrite = createRewrite(text, isSecret, instead === '' ? undefined : value)
  const change = (entry: Entry): Entry => {
    const args = entry.args.map((arg, index) => (isSecret(entry.params[index]) ? value(arg) : rewrite(arg)))
    const changed: Entry & Record<string, unknown> = { ...entry, args }
    for (const part of PARTS) if (changed[part] !== undefined) changed[part] = rewrite(changed[part])
    return changed
  }
  return (next) => before(next, (entries) => entries.map(change))
}

let key: BigUint64Array | undefined

// The key is not made before it is needed: Workers have no random numbers while they load.
function hashed(text: string): string {
  key ??= crypto.getRandomValues(new BigUint64Array(2))
  return `[HASH ${hash(text, key)}]`
}
