import type { Sink } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import type { SinkFactory } from './specs.edge.ts'

/** What a package `nfo-sink-NAME` gives away. */
interface Plugin {
  sink?: (argument: string) => Sink | Promise<Sink>
}

// What `require` says of a package that only `import()` can load.
const ONLY_IMPORT = ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_PACKAGE_PATH_NOT_EXPORTED']

/**
 * The function `sink` of the package `nfo-sink-NAME`, which is looked for where nfo is and then where the app runs;
 * undefined when it is not installed. Throws when it cannot be loaded.
 */
export function pluginFactory(name: string, part: string): SinkFactory | undefined {
  const { require } = runtime
  const id = `nfo-sink-${name}`
  if (!require || !/^\w[\w.-]*$/.test(name)) return undefined
  try {
    return factoryOf(require(id) as Plugin, id, part)
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    if (code.endsWith('MODULE_NOT_FOUND') && message.includes(`'${id}'`)) return undefined
    // With await at its top, Bun has the message only.
    if (!ONLY_IMPORT.includes(code) && !/\basync module\b/.test(message)) throw error
    return async (argument) => factoryOf(await importFrom(id), id, part)(argument)
  }
}

function factoryOf({ sink }: Plugin, id: string, part: string): SinkFactory {
  if (typeof sink === 'function') return sink
  throw new TypeError(`[nfo] [${part}] ${id} exports no function named sink; it has to: sink(argument) gives a sink`)
}

/** From where nfo is, or from where the app runs. */
async function importFrom(id: string): Promise<Plugin> {
  try {
    return await import(id)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    return import(appFile(id))
  }
}

function appFile(id: string): string {
  const load = runtime.require as (name: string) => unknown
  const { createRequire } = load('node:module') as { createRequire(from: string): { resolve(id: string): string } }
  const { pathToFileURL } = load('node:url') as { pathToFileURL(path: string): URL }
  const { process } = globalThis as unknown as { process: { cwd(): string } }
  return pathToFileURL(createRequire(`${process.cwd()}/`).resolve(id)).href
}
