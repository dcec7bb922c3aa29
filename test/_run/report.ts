import { compare } from 'uvu/diff'

/** What one run found. `registered` has to be the same on every runtime. */
export interface Report {
  registered: number
  passed: number
  skipped: { test: string; reason: string }[]
  failures: { test: string; message: string; stack: string }[]
}

/** How the driver wants this run; it writes `TEST_RUN` in front of the bundle. */
export interface Run {
  grep: string
  timeoutMs: number
}

type Thrown = Partial<Error> & { actual?: unknown; expects?: unknown; operator?: string }

export const run: Run = (globalThis as unknown as { TEST_RUN: Run }).TEST_RUN
export const report: Report = { registered: 0, passed: 0, skipped: [], failures: [] }

// Kept from before the tests, which may wrap or replace both.
const print = console.log.bind(console)
const post = globalThis.fetch?.bind(globalThis)
const unsent = new Set<Promise<unknown>>()
let current = 'before the first test'

/** Starts with the record separator of RFC 7464, so the driver finds it amid whatever else was printed. */
export function say(message: Record<string, unknown>): void {
  const line = JSON.stringify(message)
  if (typeof document !== 'object') {
    print(`\u001e${line}`)
    return
  }
  const sending = post('/line', { method: 'POST', body: line }).finally(() => unsent.delete(sending))
  unsent.add(sending)
}

export const sent = (): Promise<unknown> => Promise.all(unsent)

export function start(title: string): void {
  current = title
  say({ start: title })
}

/** Counts a failure. What was thrown may be anything at all. */
export function fail(test: string, thrown: unknown): void {
  const error: Thrown = thrown instanceof Error ? thrown : {}
  const cause: Thrown = error.cause instanceof Error ? error.cause : {}
  const texts = [
    error.message ?? `threw a value that is no Error: ${show(thrown)}`,
    difference(error),
    cause.message && `caused by: ${cause.message}`,
    difference(cause)
  ]
  const stack = `${error.stack ?? ''}\n${cause.stack ?? ''}`
  report.failures.push({ test, message: texts.filter(Boolean).join('\n'), stack })
}

function show(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? JSON.stringify(thrown) : String(thrown)
  } catch {
    return typeof thrown
  }
}

function difference({ operator, actual, expects }: Thrown): string {
  if (!operator || operator.includes('not')) return ''
  try {
    return compare(actual, expects)
  } catch {
    return ''
  }
}

/** A rejection or an error that nobody caught, put down to the test during or after which it came. */
export function stray(thrown: unknown): void {
  const expected = (globalThis as { __expectRejections?: number }).__expectRejections ?? 0
  if (expected === 0) fail(`${current} (floating)`, thrown)
}
