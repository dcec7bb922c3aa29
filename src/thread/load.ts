import { behind } from '../configure/behind.ts'
import { frontOf } from '../configure/front.ts'
import { createLevels, type Levels } from '../configure/levels.ts'
import { sinkOf } from '../configure/specs.ts'
import { tee } from '../core/pipe.ts'
import type { Level, Sink, Stage } from '../core/types.ts'
import type { LlmOptions } from '../sinks/llm.ts'

/** What of the options of `configure` goes to the worker: plain data. */
export interface Given {
  specs: readonly string[]
  /** Address of a module with sinks and stages. */
  module: string | undefined
  level: Level | undefined
  levels: Readonly<Record<string, Level>> | undefined
  name: string | undefined
  sample: number | undefined
  llm: string | LlmOptions | undefined
  environment: string
  version: string
  queue: number
  interval: number
}

export const levelsOf = ({ level, levels, name }: Given): Levels => createLevels(level, levels, name)

/** What a module for `thread: { module }` gives: by name, or from its default function. A list is one of sinks. */
export interface ThreadModule {
  sinks?: Sink | readonly Sink[]
  stages?: readonly Stage[]
}

type Made = ThreadModule | Sink | readonly Sink[]

export interface Exported extends ThreadModule {
  default?: () => Made | Promise<Made>
}

/** The sinks behind their stages, in the worker. */
export async function loadSinks(given: Given, levels: Levels): Promise<Sink[]> {
  const exported: Exported = given.module ? await import(given.module) : {}
  const made = await madeBy(exported)
  return sinksOf(given, levels, exported, made)
}

/**
 * All of them as one, on the main thread, for when the worker is no more. The module is loaded beforehand, as that takes a turn of
 * the event loop and the process may be ending then; its default function is called for the first batch.
 */
export function sinksLater(given: Given, levels: Levels, require: (address: string) => unknown): Sink {
  let exported: Exported | undefined
  let sink: Sink | undefined
  let opening: Promise<Sink> | undefined
  const loading = import(given.module as string).then((loaded) => {
    exported = loaded
  })
  loading.catch(() => {})

  function open(): Promise<Sink> | undefined {
    try {
      exported ??= require(given.module as string) as Exported
    } catch {
      // Not every runtime can load it at once.
    }
    const made = exported && madeBy(exported)
    if (!made || made instanceof Promise) return openLater(made)
    sink = tee(...sinksOf(given, levels, exported as Exported, made))
    return undefined
  }

  async function openLater(made: Promise<Made> | undefined): Promise<Sink> {
    await loading
    sink = tee(...sinksOf(given, levels, exported as Exported, await (made ?? madeBy(exported as Exported))))
    return sink
  }

  return {
    write(entries) {
      if (!sink && !opening) opening = open()
      return sink ? sink.write(entries) : opening?.then((made) => made.write(entries))
    },
    flush: async () => (sink ?? (await opening))?.flush?.(),
    close: async () => (sink ?? (await opening))?.close?.(),
    // Only sinks that are there can say whether they write on the way out of a process.
    get flushSync() {
      return sink?.flushSync
    }
  }
}

const madeBy = (exported: Exported): Made | Promise<Made> =>
  typeof exported.default === 'function' ? exported.default() : {}

function sinksOf(given: Given, levels: Levels, exported: Exported, made: Made): Sink[] {
  const own = (Array.isArray(made) || 'write' in made ? { sinks: made } : made) as ThreadModule
  const sinks = [exported.sinks ?? [], own.sinks ?? []].flat() as Sink[]
  if (given.module && !(sinks.length > 0 && sinks.every((sink) => typeof sink?.write === 'function'))) {
    const fix = 'export sinks, such as [jsonSink(path)], or a default function that gives them'
    throw new TypeError(`[nfo] [thread] ${given.module} gives no sinks, or one without a write function; ${fix}`)
  }
  const stages = [...(exported.stages ?? []), ...(own.stages ?? [])]
  const ends = given.specs.map((spec) => sinkOf(spec, 'thread'))
  return behind(frontOf(levels, { ...given, stages }), [...ends, ...sinks])
}
