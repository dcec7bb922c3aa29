/** Whether this runtime lets tabs know of each other: pages on https and localhost. */
export const hasLocks = (): boolean => globalThis.navigator?.locks !== undefined

/** Holds a lock until it is let go of, or the page ends, however it ends. Undefined when another tab has it. */
export function takeLock(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (!lock) return void resolve(undefined)
      return new Promise<void>((release) => resolve(release))
    }
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(reject)
  })
}

/** The names of all locks that some tab holds. */
export async function heldLocks(): Promise<(string | undefined)[]> {
  const { held = [] } = await navigator.locks.query()
  return held.map(({ name }) => name)
}
