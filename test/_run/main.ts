import { fail, type Report, report, say, sent, stray } from './report.ts'
import { runtimeName } from './runtime.ts'
import { forgotten, turn } from './suite.ts'

type Run = () => Promise<unknown>
type Process = { exitCode: number; on(event: string, listener: (thrown: unknown) => void): void }

const globals = globalThis as unknown as { UVU_QUEUE: Run[][]; process: Process }
let running = false
const isNodeLike = runtimeName === 'node' || runtimeName === 'bun'

// A module that throws while it loads is a rejection to Deno; it has to end the process there too.
if (isNodeLike) globals.process.on('unhandledRejection', stray)
else {
  globalThis.addEventListener('unhandledrejection', (event) => {
    if (running) event.preventDefault()
    stray(event.reason)
  })
}
// Elsewhere an uncaught error ends the process, which the driver sees.
if (runtimeName === 'browser') globalThis.addEventListener('error', ({ error, message }) => stray(error ?? message))

async function runAll(): Promise<Report> {
  running = true
  for (const runSuite of globals.UVU_QUEUE.flat()) await runSuite()
  await turn()
  await new Promise((resolve) => setTimeout(resolve, 20))
  for (const title of forgotten()) fail(title, new Error('never ran: a hook threw, or test.run() is missing'))
  say({ result: report })
  await sent()
  return report
}

/** What the bundle exports: a workerd worker with a test handler. Everywhere else the tests start by themselves. */
export function main(): object {
  if (runtimeName === 'workerd') return { test: testHandler }
  void runAll().then(({ failures }) => {
    if (runtimeName !== 'browser') globals.process.exitCode = failures.length > 0 ? 1 : 0
  })
  return {}
}

async function testHandler(): Promise<void> {
  const { failures } = await runAll()
  if (failures.length > 0) throw new Error(`${failures.length} failed`)
}
