import type { Entry } from '../core/types.ts'
import { inspectValue } from '../formats/inspect.ts'

/** What a model said of an error, and what that took. */
export interface Analysis {
  text: string
  facts: Record<string, unknown>
}

/** The same for errors that differ in numbers only, such as a port or an id. */
export function keyOf({ kind, module, functionName, exceptionType, exception, traceback, args }: Entry): string {
  const what = exception ?? (kind === 'message' ? inspectValue(args[0], 200) : '')
  const frame = /^.*:\d+:\d+.*$/m.exec(traceback ?? '')?.[0] ?? ''
  return [module, functionName, exceptionType, what.replace(/\d+/g, '#'), frame.trim()].join('\n')
}

/** The error with what is known of it already. */
export function withAnalysis(entry: Entry, { text, facts }: Analysis): Entry {
  return { ...entry, llmAnalysis: text, extra: { ...entry.extra, llm: { ...facts, known: true } } }
}

// What was the error's, not the message's.
const OWN = ['open', 'exception', 'exceptionType', 'traceback', 'returnValue', 'returnType', 'durationMs'] as const

/** What follows an error. It has its sequence and its span, so that the two are found together. */
export function messageOf(entry: Entry, { text, facts }: Analysis): Entry {
  const message: Entry = {
    ...entry,
    kind: 'message',
    level: 'info',
    timestamp: Date.now(),
    params: [],
    args: [text],
    argTypes: ['string'],
    llmAnalysis: text,
    extra: { llm: facts }
  }
  for (const name of OWN) delete message[name]
  return message
}
