import type { ConfigureOptions } from '../configure.ts'
import type { Level } from '../core/types.ts'

type Read = (name: string) => string | undefined

/** The options, with what the environment says in their place. Where it cannot be read, it says nothing. */
export function readEnvironment(options: ConfigureOptions, env: Read): ConfigureOptions {
  const read = (name: string): string | undefined => {
    try {
      return env(`NFO_${name}`)
    } catch {
      return undefined
    }
  }
  const text = (name: string): string | undefined => read(name)?.trim() || undefined
  const { record, llm, redact = [] } = options
  const [path, model, hook] = [text('RECORD'), text('LLM_MODEL'), text('WEBHOOK_URL')]
  // Set and empty, it means no sinks.
  const sinks = read('SINKS')?.split(',').filter(isThere) ?? options.sinks ?? []
  const given: ConfigureOptions = {
    ...options,
    ...levelsFrom(text('LEVEL'), options),
    sinks: hook ? [...sinks, `webhook:${hook}`] : sinks,
    environment: text('ENV') ?? options.environment,
    version: text('VERSION') ?? options.version,
    sample: text('SAMPLE') === undefined ? options.sample : Number(text('SAMPLE')),
    redact: [...redact, ...(text('REDACT')?.split(',').filter(isThere) ?? [])]
  }
  if (path) given.record = typeof record === 'object' ? { ...record, path } : path
  if (model) given.llm = typeof llm === 'object' ? { ...llm, model } : model
  return given
}

const isThere = (text: string): boolean => text.trim() !== ''

/** `info`, or with modules: `info,shop/*=debug`. */
function levelsFrom(text: string | undefined, { level, levels }: ConfigureOptions): Partial<ConfigureOptions> {
  const own: Pick<ConfigureOptions, 'level'> & { levels: Record<string, Level> } = { level, levels: { ...levels } }
  for (const part of text?.split(',').filter(isThere) ?? []) {
    const [name, ofModule] = part.split('=').map((word) => word.trim())
    if (ofModule === undefined) own.level = name as Level
    else own.levels[name] = ofModule as Level
  }
  return own
}
