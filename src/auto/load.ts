import { chosenFiles, type ModuleOf, pathOf } from './chosen.ts'
import { transform } from './transform.ts'

/** What the hooks have to know; it can be sent to another thread. */
export interface LoadSettings {
  patterns: string
  folder: string
  own: string
}

/** What a loader gives for a module. */
export interface Loaded {
  format?: string | null
  source?: string | ArrayBuffer | ArrayBufferView | null
}

/** Where the modules that were written into find `instrument`. */
export const GLOBAL: symbol = Symbol.for('nfo.auto')
export const INSTRUMENT = 'globalThis[Symbol.for("nfo.auto")]'

let moduleOf: ModuleOf = () => undefined

export function setLoadSettings({ patterns, folder, own }: LoadSettings): void {
  moduleOf = chosenFiles(patterns, folder, own)
}

/** A file's text with what records it, or as it was. */
export function written(path: string, source: string): string {
  const module = moduleOf(path)
  const read = module === undefined ? undefined : transform(source, { module, instrument: INSTRUMENT, notes: true })
  return read?.code ?? source
}

/** An ES module with what records it; the rest as it was. CommonJS is written into where it is compiled. */
export function writtenModule<T extends Loaded>(url: string, loaded: T): T {
  const { format, source } = loaded
  const path = pathOf(url)
  if (
    source === null ||
    source === undefined ||
    path === undefined ||
    !/^(module|module-typescript|undefined|null)$/.test(`${format}`)
  )
    return loaded
  const module = moduleOf(path)
  if (module === undefined) return loaded
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source)
  const read = transform(text, { module, instrument: INSTRUMENT, notes: true })
  // Without a format the text tells.
  return read?.format === 'module' ? { ...loaded, source: read.code } : loaded
}
