import { rejectUnknown } from './core/options.ts'
import type { Sink } from './core/types.ts'
import { consoleSink } from './sinks/console.ts'
import { jsonSink } from './sinks/json.ts'
import { memorySink } from './sinks/memory.ts'

/** Makes a sink from what stands behind the colon. */
type Factory = (argument: string) => Sink

/** What there is on every runtime. */
export const PORTABLE: Readonly<Record<string, Factory>> = {
  console: () => consoleSink(),
  json: (path) => jsonSink(path),
  memory: (entries) => memorySink(entries ? { entries: Number(entries) } : {})
}

const NEED_FILES = ['csv', 'md', 'sqlite']

/** The sink that a spec names, out of those. */
export function sinkFrom(factories: Readonly<Record<string, Factory>>, spec: string, part: string): Sink {
  const [, name, argument = ''] = /^([^:]*):?(.*)$/s.exec(spec.trim()) as RegExpExecArray
  rejectUnknown(part, 'sink', [name], [...new Set([...Object.keys(factories), ...NEED_FILES])])
  const factory = factories[name]
  if (!factory) {
    throw new Error(`[nfo] [${part}] the sink '${spec}' needs files, and this runtime has none; pass a sink object`)
  }
  if (!argument && factory.length > 0 && name !== 'memory') {
    throw new Error(`[nfo] [${part}] the sink '${spec}' has no path; write '${name}:PATH'`)
  }
  return factory(argument)
}

/** In the place of the one in `specs.ts` where there are no files. */
export const sinkOf = (spec: string, part: string): Sink => sinkFrom(PORTABLE, spec, part)
