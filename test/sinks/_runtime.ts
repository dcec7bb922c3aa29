import { runtime } from '../../src/runtimes/generic.ts'
import type { Runtime } from '../../src/runtimes/types.ts'

/** Runs `task` with some members of the runtime replaced, and gives back what it gave. */
export async function withRuntime<Result>(members: Partial<Runtime>, task: () => Result): Promise<Awaited<Result>> {
  const before = Object.getOwnPropertyDescriptors(runtime)
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(runtime, name, { value, configurable: true, enumerable: true, writable: true })
  }
  try {
    return await task()
  } finally {
    Object.defineProperties(runtime, before)
  }
}

/** What the runtime printed while `task` ran, one element a line, as `stream: text`. */
export async function printed(members: Partial<Runtime>, task: () => unknown): Promise<string[]> {
  const lines: string[] = []
  const print: Runtime['print'] = (stream, line) => void lines.push(`${stream}: ${line}`)
  await withRuntime({ ...members, print }, task)
  return lines
}
