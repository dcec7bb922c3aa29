import { rejectUnknown } from './core/options.ts'
import type { Sink } from './core/types.ts'
import { consoleSink } from './sinks/console.ts'
import { jsonSink } from './sinks/json.ts'
import { memorySink } from './sinks/memory.ts'

// Not loaded when first used: a sink that is still loading could not write on the way out of a process.
const SPECS: Record<string, (argument: string) => Sink> = {
  console: () => consoleSink(),
  json: (path) => jsonSink(path),
  memory: (entries) => memorySink(entries ? { entries: Number(entries) } : {})
}

/** The sink that a spec names: `'json:app.jsonl'`. Throws for a name that is not known. */
export function sinkOf(spec: string, part: string): Sink {
  const [, name, argument = ''] = /^([^:]*):?(.*)$/s.exec(spec.trim()) as RegExpExecArray
  rejectUnknown(part, 'sink', [name], Object.keys(SPECS))
  return SPECS[name](argument)
}
