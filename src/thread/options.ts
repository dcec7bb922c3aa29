import { isRegistered } from '../configure/specs.ts'
import type { ConfigureOptions } from '../configure.ts'
import { rejectUnknown } from '../core/options.ts'

/** How the worker of `configure({ thread })` is set up. */
export interface ThreadOptions {
  /**
   * A module with sinks and stages, which cannot cross to the worker otherwise: it exports `sinks` and `stages`, or a default
   * function that gives `{ sinks, stages }` or sinks. A URL such as `new URL('./sinks.js', import.meta.url)`, or a path.
   * @default none
   */
  module?: string | URL
  /** Where the code of `nfo/thread` is, for an app that was bundled. @default beside nfo's own code */
  url?: string | URL
  /**
   * How long the worker may get nothing done while the main thread waits for it, in milliseconds from 1 up; then the main thread
   * goes on by itself. @default 10000
   */
  patience?: number
}

const FIX =
  "name a sink by a spec such as 'sqlite:app.db', or give a module: thread: { module: new URL('./sinks.js', import.meta.url) }"

/** Checks what a user gave. Throws for what cannot cross to a worker. */
export function readThreadOptions(options: ConfigureOptions): ThreadOptions {
  const { thread, sinks = [], stages = [], llm } = options
  const given = typeof thread === 'object' ? thread : {}
  rejectUnknown('thread', 'option', Object.keys(given), ['module', 'url', 'patience'])
  const { patience = 1 } = given
  if (!(patience >= 1)) {
    throw new RangeError(`[nfo] [thread] patience is ${patience}; use milliseconds from 1 up`)
  }
  for (const [index, sink] of sinks.entries()) refuse(`sinks[${index}]`, sink)
  if (stages.length > 0)
    throw new TypeError(`[nfo] [thread] stages cannot cross to the worker; put them in a module: ${FIX}`)
  if (typeof llm === 'object') refuseFunctions(llm)
  return given
}

function refuse(place: string, sink: unknown): void {
  if (typeof sink !== 'string')
    throw new TypeError(`[nfo] [thread] ${place} is an object and cannot cross to the worker; ${FIX}`)
  const [name] = sink.trim().split(':')
  if (name === 'memory') {
    throw new TypeError(
      `[nfo] [thread] ${place}: nobody could read a memory in the worker; use logger.dump(), or leave thread out`
    )
  }
  if (isRegistered(name)) {
    throw new TypeError(
      `[nfo] [thread] ${place}: '${name}' was registered on this thread and cannot cross to the worker; ${FIX}`
    )
  }
}

function refuseFunctions(llm: object): void {
  try {
    structuredClone(llm)
  } catch {
    throw new TypeError(
      `[nfo] [thread] llm has what cannot cross to the worker; give it plain options, or put it in a module: ${FIX}`
    )
  }
}
