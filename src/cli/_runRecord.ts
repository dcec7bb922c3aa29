import type { Entry, Sink } from '../core/types.ts'

const PATIENCE_MS = 10_000
// With sql.js one process at a time writes a database, and several commands may end together.
const BUSY = /is open in process|is locked/

/** Writes an entry and closes the sink. Rejects when the sink does, or has not answered for 10 s. */
export async function record(sink: Sink, entry: Entry): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`[nfo] [run] a sink has not answered for ${PATIENCE_MS / 1000} s; what it got may be lost`)
    timer = setTimeout(reject, PATIENCE_MS, error)
  })
  await Promise.race([deliver(sink, entry), late]).finally(() => clearTimeout(timer))
}

async function deliver(sink: Sink, entry: Entry): Promise<void> {
  try {
    await write(sink, entry, performance.now() + PATIENCE_MS * 0.8)
    await sink.flush?.()
  } finally {
    await sink.close?.()
  }
}

async function write(sink: Sink, entry: Entry, deadline: number): Promise<void> {
  try {
    await sink.write([entry])
  } catch (error) {
    if (!BUSY.test((error as Error).message) || performance.now() > deadline) throw error
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 100))
    return write(sink, entry, deadline)
  }
}
