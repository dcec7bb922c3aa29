import type { Sink } from '../../src/core/types.ts'

export const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
export const boom: Error = new Error('boom')

/** Sinks that do not do what they should. */
export const faulty: Record<string, () => Sink> = {
  throws: () => ({
    write() {
      throw boom
    }
  }),
  rejects: () => ({ write: () => Promise.reject(boom) }),
  hangs: () => ({ write: () => new Promise(() => {}) }),
  slow: () => ({ write: soon }),
  'comes back': () => {
    let round = 0
    return {
      write() {
        if (round++ % 3) throw boom
      }
    }
  },
  'fails in flush': () => ({
    write() {},
    flush: () => Promise.reject(boom),
    flushSync() {
      throw boom
    },
    close() {
      throw boom
    }
  }),
  'gives what is no promise': () => ({ write: () => ({ then: 7 }) as unknown as Promise<void> }),
  'gives a lazy thenable': () => ({
    write: () => ({ then: (done: () => void) => setTimeout(done, 1) }) as unknown as Promise<void>
  })
}
