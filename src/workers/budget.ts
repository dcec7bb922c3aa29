import type { Sink } from '../core/types.ts'
import { limited } from '../sinks/_limited.ts'
import { lineBytes } from '../sinks/_lines.ts'

export interface Budget {
  /** Entries in one invocation at most. @default without limit */
  entries?: number
  /**
   * Bytes in one invocation at most, as JSON lines. The default leaves the app a quarter of what a Worker may print.
   * @default 192_000
   */
  bytes?: number
}

/**
 * A sink that takes no more than that in one invocation. What is more is left out, and the last entry says how much. A Worker's
 * console takes 256 KB an invocation, and a free one has 50 subrequests.
 *
 * @example
 *     export default wrapWorker(handler, { sinks: [budget(consoleSink()), d1Sink('DB')] })
 */
export function budget<Env = object, Context = object>(
  sink: Sink | ((env: Env, ctx: Context) => Sink),
  { entries, bytes = 192_000 }: Budget = {}
): (env: Env, ctx: Context) => Sink {
  return (env, ctx) =>
    limited(typeof sink === 'function' ? sink(env, ctx) : sink, 'budget', { entries, bytes }, lineBytes)
}
