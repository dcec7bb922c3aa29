import type { Entry } from '../core/types.ts'
import { inspectValue } from '../formats/inspect.ts'
import { toJson } from '../formats/json.ts'

/** One line that says what an entry is, for a logger that wants a message. */
export function entryText({ kind, functionName, args }: Entry): string {
  if (kind === 'message') return String(args[0])
  return `${functionName}(${args.map((arg) => inspectValue(arg)).join(', ')})`
}

// The logger has its own; a message has its text already.
const NOT_FIELDS = ['level', 'timestamp', 'kind']
const NOT_OF_MESSAGES = ['args', 'arg_types', 'params', 'clock']

/** The rest of an entry as plain data, without what is empty; the fields of a message on top. */
export function entryFields(entry: Entry): Record<string, unknown> {
  const { extra = {}, ...plain } = JSON.parse(toJson(entry)) as Record<string, unknown>
  const left = entry.kind === 'message' ? [...NOT_FIELDS, ...NOT_OF_MESSAGES] : NOT_FIELDS
  const kept = Object.entries(plain).filter(([name, value]) => !left.includes(name) && value !== '')
  return { ...(extra as object), ...Object.fromEntries(kept) }
}
