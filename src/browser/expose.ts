import type { Logger } from '../core/logger.ts'
import type { Entry } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import type { Crash } from './lastCrash.ts'
import { treeOf } from './tree.ts'

/** What stands in the console under `nfo`. */
export interface ConsoleTools {
  /** Prints the last calls as a tree, those that have not returned at the end. @default 200 */
  dump(last?: number): void
  /** Prints what the last visit left that did not end well. */
  crash(): Promise<void>
  /** The entries that `dump` prints. */
  entries(): Entry[]
  stats(): ReturnType<Logger['stats']>
  flush(): ReturnType<Logger['flush']>
}

/**
 * Puts tools for the console under a global name, in the place of what was there. All scripts of the page can read there
 * what was recorded.
 */
export function expose(name: string, logger: Logger, lastCrash: Promise<Crash | undefined>): () => void {
  // Not by the console's own functions, which may be recorded.
  const print = (lines: string[]): void => runtime.print('stdout', lines.join('\n') || 'nothing is recorded')
  const tools: ConsoleTools = {
    dump: (last = 200) => print(treeOf(logger.dump()).slice(-last)),
    async crash() {
      const crash = await lastCrash
      if (!crash) return print(['no visit has ended badly'])
      print([`${crash.path}, ${new Date(crash.time).toISOString()}, ${crash.reason}`, ...treeOf(crash.entries)])
    },
    entries: () => logger.dump(),
    stats: () => logger.stats(),
    flush: () => logger.flush()
  }
  const globals = globalThis as Record<string, unknown>
  globals[name] = tools
  return () => {
    if (globals[name] === tools) delete globals[name]
  }
}
