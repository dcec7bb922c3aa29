import type { Callback, Test } from 'uvu'

/** The runtimes a portable test runs on. The emulated Pi is `node` with `slow` set. */
export type RuntimeName = 'node' | 'deno' | 'bun' | 'workerd' | 'browser'

type Globals = Record<string, { env?: Record<string, string>; versions?: Record<string, string>; arch?: string }>
const globals = globalThis as unknown as Globals

function detect(): RuntimeName {
  if (globals.Deno) return 'deno'
  if (globals.Bun) return 'bun'
  if (globalThis.navigator?.userAgent === 'Cloudflare-Workers') return 'workerd'
  return globals.process?.versions?.node ? 'node' : 'browser'
}

/** Where this test runs. */
export const runtimeName: RuntimeName = detect()

const isServer = runtimeName === 'node' || runtimeName === 'deno' || runtimeName === 'bun'

/** True on an emulated processor: do fewer rounds there, and compare no times. */
export const slow: boolean = isServer && globals.process?.arch === 'arm'

/** What a runtime can do. */
export interface Capabilities {
  /** `node:fs` on a real disk; see `scratch`. */
  files: boolean
  /** `node:worker_threads`. */
  threads: boolean
  /** A process with an exit code, signals and exit events. */
  process: boolean
  dom: boolean
  /** Timers that fire without a request being open. */
  timers: boolean
  sharedMemory: boolean
  /** `Atomics.wait` on this thread. */
  blocking: boolean
  /** `new Function` and `eval`. */
  evaluation: boolean
}

/** What this runtime can do. A test that needs more than all of them have says so with `skipUnless`. */
export const has: Capabilities = {
  files: isServer,
  threads: isServer,
  process: isServer,
  dom: typeof globalThis.document === 'object',
  timers: runtimeName !== 'workerd',
  sharedMemory: typeof globalThis.SharedArrayBuffer === 'function',
  blocking: isServer,
  evaluation: runtimeName !== 'workerd'
}

/**
 * The given `test` where the runtime has what it needs; elsewhere one that registers, counts and names what it skips.
 *
 * @example
 * const onDisk = skipUnless(test, has.files, 'no file system')
 * onDisk('appends a line', () => {})
 */
export function skipUnless<Context>(
  test: Test<Context>,
  capable: boolean,
  reason: string
): (name: string, handler: Callback<Context>) => void {
  if (capable) return test
  const skip = test.skip as (name: string, handler: Callback<Context>, reason: string) => void
  return (name, handler) => skip(name, handler, reason)
}

let scratched = 0

/** A path that is new at every call, in a directory the driver made and removes; nothing is created at it. */
export function scratch(name: string): string {
  const directory = globals.process?.env?.TEST_SCRATCH
  if (!directory) throw new Error('no scratch directory here: skipUnless(test, has.files, …), and run by test/run.mjs')
  scratched++
  return `${directory}/${scratched}-${name}`
}
