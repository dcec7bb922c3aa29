import process from 'node:process'
import { isMainThread } from 'node:worker_threads'
import { runtime } from '../runtimes/generic.ts'
import type { LoadSettings } from './load.ts'
import { autoReport } from './report.ts'

/** Says at the end, once, when no function was found to record. */
export function warnWhenEmpty({ patterns, folder }: LoadSettings): void {
  // A thread may well have nothing of its own.
  if (!isMainThread) return
  process.once('exit', () => {
    const { wrapped, skipped } = autoReport()
    if (wrapped.length > 0) return
    const why =
      skipped.length > 0
        ? `${skipped[0].name} ${skipped[0].reason}`
        : `no module that was loaded from ${folder} is one of them; set NFO_AUTO, for example to 'src/**,!src/vendor/**'`
    runtime.print('stderr', `[nfo] [register] nothing is recorded of '${patterns}': ${why}`)
  })
}
