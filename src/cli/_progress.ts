import { runtime } from '../runtimes/generic.ts'
import { columnsOf } from './_terminal.ts'
import { count } from './_values.ts'

const PATIENCE = 1000
const REDRAW = 100
const BAR = 30

export interface Progress {
  /** So many are done. Cheap enough to be told of each. */
  at(done: number): void
  /** Takes the bar away. */
  end(): void
}

/** A bar on standard error for what takes longer than a second, when somebody watches. `total` is 0 when it is not known. */
export function progressBar(total: number): Progress {
  const watched = runtime.isTerminal('stderr')
  const begun = performance.now()
  let next = watched ? begun + PATIENCE : Number.POSITIVE_INFINITY
  let drawn = false
  return {
    at(done) {
      // The clock is read for one entry in 64: that is often enough.
      if (!watched || done % 64 > 0) return
      const now = performance.now()
      if (now < next) return
      next = now + REDRAW
      drawn = true
      process.stderr.write(`\r${barOf(done, total, now - begun, columnsOf('stderr') - 1)}\x1b[K`)
    },
    end() {
      if (drawn) process.stderr.write('\r\x1b[K')
      drawn = false
    }
  }
}

/** One line, for `elapsed` milliseconds of work. */
export function barOf(done: number, total: number, elapsed: number, width: number): string {
  const speed = `${count(Math.round((done / elapsed) * 1000))} a second`
  if (total < done) return `${count(done)}, ${speed}`.slice(0, width)
  const full = Math.round((done / total) * BAR)
  const bar = '█'.repeat(full) + '░'.repeat(BAR - full)
  const left = Math.ceil(((total - done) * elapsed) / done / 1000)
  return `${bar} ${count(done)} of ${count(total)}, ${speed}, ${left} s left`.slice(0, width)
}
