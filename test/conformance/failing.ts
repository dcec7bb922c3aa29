import { items, show } from './assert.ts'
import type { Host, RejectionTrap } from './case.ts'

class Task<T> extends Promise<T> {}

export type Fail = (reason: unknown) => Promise<unknown>

async function failLater(reason: unknown): Promise<never> {
  await undefined
  throw reason
}

/** The functions that fail, by where their rejecting promise comes from. */
export const failing: Record<string, () => Fail> = {
  'an async function': () => async (reason) => {
    throw reason
  },
  'an async function that awaited': () => async (reason) => failLater(reason),
  'a plain function with a rejected promise': () => (reason) => Promise.reject(reason),
  'a plain function with a promise that will reject': () => (reason) => failLater(reason),
  'a plain function with a promise of a subclass': () => (reason) =>
    new Task((_, reject) => setTimeout(reject, 1, reason))
}

function turn(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** What was reported: waits a little longer when something has to come. */
async function reported(trap: RejectionTrap, wanted: number): Promise<readonly unknown[]> {
  for (let round = 0; round < 25 && trap.reasons().length < wanted; round++) await turn(4)
  await turn(0)
  await turn(2)
  return trap.reasons()
}

/** Runs with a trap set, then expects exactly these reasons. */
export async function expectReported(host: Host, reasons: readonly unknown[], run: () => unknown): Promise<void> {
  const trap = (host.trapRejections as () => RejectionTrap)()
  try {
    await run()
    const seen = await reported(trap, reasons.length)
    items(seen, reasons, `unhandled rejections (${seen.map(show).join(', ') || 'none'})`)
  } finally {
    trap.release()
  }
}
