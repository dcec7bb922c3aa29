import { type Case, conformance } from '../index.ts'
import type { Mutant } from './shell.ts'

export const titleOf = ({ group, name }: Case): string => `${group}: ${name}`

/** What keeps a case waiting for good has failed too. */
function inTime(running: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, 300, new Error('did not end'))
  })
  return Promise.race([running, late]).finally(() => clearTimeout(timer))
}

async function isKilledBy({ run }: Case): Promise<boolean> {
  try {
    await inTime((async () => run())())
    return false
  } catch {
    return true
  }
}

/** A mutant leaves rejections behind, and some of them print. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { log } = console
  const harness = globalThis as { __expectRejections?: number }
  harness.__expectRejections = (harness.__expectRejections ?? 0) + 1
  console.log = () => {}
  try {
    return await run()
  } finally {
    console.log = log
    await new Promise((resolve) => setTimeout(resolve, 5))
    harness.__expectRejections -= 1
  }
}

/** The cases of these groups that the mutant fails. */
export function killersOf({ wrap }: Mutant, groups: ReadonlySet<string>): Promise<string[]> {
  return quietly(async () => {
    const found: string[] = []
    for (const one of conformance(wrap, { memory100MB: true })) {
      if (one.skip === undefined && groups.has(one.group) && (await isKilledBy(one))) found.push(titleOf(one))
    }
    return found
  })
}
