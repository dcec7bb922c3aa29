import { appendFileSync } from 'node:fs'
import process from 'node:process'
import { isMainThread } from 'node:worker_threads'
import type { Entry, Sink, Stage } from '../../src/core/types.ts'

// What a module of an app gives, and one that ends its worker in the middle, by an environment variable.
const { HOW = '', AFTER = '5000', OUT = '' } = process.env
const hog: unknown[] = []
let seen = 0

const ends: Record<string, () => void> = {
  exit: () => process.exit(1),
  throw: () =>
    void setTimeout(() => {
      throw new Error('thrown later')
    }),
  loop() {
    for (;;);
  },
  memory() {
    for (;;) hog.push(new Array(1_000_000).fill(hog.length))
  },
  slow: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20),
  never: () => {}
}

function line({ sequence, functionName, args, environment = '', extra }: Entry): string {
  return `${JSON.stringify([sequence, functionName, args.length, environment, extra, isMainThread])}\n`
}

const own: Sink = {
  write(entries) {
    const before = seen
    seen += entries.length
    if (!isMainThread && seen > Number(AFTER) && (before <= Number(AFTER) || HOW === 'slow')) ends[HOW]?.()
    appendFileSync(OUT, entries.map(line).join(''))
    // Answers nobody.
    if (HOW === 'never' && !isMainThread) return new Promise(() => {})
  },
  flushSync() {}
}

const mark: Stage = (next) => ({
  write(entries) {
    for (const entry of entries) entry.extra.marked = true
    return next.write(entries)
  }
})

/** With HOW set, the sink alone. */
export const stages: Stage[] = HOW ? [] : [mark]

// biome-ignore lint/style/noDefaultExport: this is how a module may give its sinks.
export default (): { sinks: Sink[] } => ({ sinks: [own] })
