import { type Callback, type Test, suite as uvuSuite } from 'uvu'
import { fail, report, run, start } from './report.ts'
import { runtimeName, slow } from './runtime.ts'

type State = Record<string, unknown>
type Handler = Callback<State>

const pattern = new RegExp(run.grep, 'i')
const timeoutMs = run.timeoutMs * (slow ? 8 : 1)
const waiting = new Map<string, number>()
let file = ''
let registeredBefore = 0

/** Called between the imports of the bundle. A file that registers nothing is a mistake, unless `--grep` left it out. */
export function enter(next: string): void {
  if (file && !run.grep && report.registered === registeredBefore) fail(file, new Error('registers no test'))
  file = next
  registeredBefore = report.registered
}

/** Tests that were registered and never ran: `test.run()` is missing, or a hook threw. */
export const forgotten = (): string[] => [...waiting].filter(([, left]) => left > 0).map(([title]) => title)

/**
 * Lets the runtime deliver rejections that nobody handled, so that they are put down to the right test. Messages, not
 * `setImmediate`: what is rejected after one, Bun delivers a whole turn late. Two, as Chromium delivers after the first.
 * workerd delivers only when nothing else is due.
 */
export async function turn(): Promise<void> {
  if (runtimeName === 'workerd') return new Promise((resolve) => setTimeout(resolve, 0))
  await message()
  await message()
}

function message(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(0)
  })
}

function withinTime(work: Promise<void> | void): Promise<void> {
  let timer: ReturnType<typeof setTimeout>
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still running after ${timeoutMs} ms`)), timeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function timed(title: string, handler: Handler): Handler {
  return async (context) => {
    start(title)
    waiting.set(title, (waiting.get(title) ?? 0) - 1)
    const failuresBefore = report.failures.length
    try {
      await withinTime(handler(context))
    } catch (thrown) {
      fail(title, thrown)
    }
    await turn()
    if (report.failures.length === failuresBefore) report.passed++
  }
}

function hooked(title: string, add: (hook: Handler) => void): (hook: Handler) => void {
  return (hook) =>
    add(async (context) => {
      try {
        await withinTime(hook(context))
      } catch (thrown) {
        fail(title, thrown)
        throw thrown
      }
    })
}

/** Stands in for uvu's `suite` in the bundle: uvu runs the tests, this counts what uvu would let through. */
export function suite(name = '', state: State = {}): Test<State> {
  const inner = uvuSuite(name, state)
  const place = name ? `${file} › ${name}` : file
  const hook = (kind: string, add: (hook: Handler) => void) => hooked(`${place} › ${kind}`, add)
  const register = (title: string, add: (full: string) => void) => {
    const full = `${place} › ${title}`
    if (!pattern.test(full)) return
    report.registered++
    add(full)
  }
  const test = (title: string, handler: Handler) =>
    register(title, (full) => {
      waiting.set(full, (waiting.get(full) ?? 0) + 1)
      inner(title, timed(full, handler))
    })
  const only = (title: string) =>
    register(title, (full) => fail(full, new Error('.only was left behind; use npm test -- --grep')))
  const skip = (title = '', _handler?: Handler, reason = '') =>
    register(title, (full) => {
      if (reason) report.skipped.push({ test: full, reason })
      else fail(full, new Error('skipped without a reason; use skipUnless'))
    })
  return Object.assign(test, {
    only,
    skip,
    before: Object.assign(hook('before', inner.before), { each: hook('before.each', inner.before.each) }),
    after: Object.assign(hook('after', inner.after), { each: hook('after.each', inner.after.each) }),
    run: inner.run
  })
}
