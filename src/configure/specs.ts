import type { Sink } from '../core/types.ts'
import { csvSink } from '../sinks/csv.ts'
import { markdownSink } from '../sinks/markdown.ts'
import { sqliteSink } from '../sinks/sqlite.ts'
import { pluginFactory } from './plugin.ts'
import { PORTABLE, sinkFrom } from './specs.edge.ts'

export { isRegistered, registerSink, type SinkFactory } from './specs.edge.ts'

/**
 * The sink that a spec such as `'sqlite:app.db'` names. What is not built in or registered is looked for in the package
 * `nfo-sink-NAME`. Throws for a name that is not known, or where there has to be a path.
 */
export function sinkOf(spec: string, part: string): Sink {
  // Not loaded when first used: a sink that is still loading could not write on the way out of a process.
  const local = {
    csv: (path: string): Sink => csvSink(path),
    md: (path: string): Sink => markdownSink(path),
    sqlite: (path: string): Sink => sqliteSink(path)
  }
  return sinkFrom({ ...PORTABLE, ...local }, spec, part, pluginFactory)
}
