import type { Runtime } from '../runtimes/types.ts'

/** Where `nfo/thread` is: beside this file's package entry, also when both were bundled into one folder. */
export function codeAddress(): string {
  const own = import.meta.url
  if (!own)
    throw new Error(
      "[nfo] [thread] the worker's code is not to be found from here; build nfo/thread and give thread: { url }"
    )
  if (own.endsWith('.ts')) return new URL('./index.ts', own).href
  // What several entries share is in a folder below them.
  return new URL(/\/chunks\/[^/]*$/.test(own) ? '../nfo-thread.js' : './nfo-thread.js', own).href
}

type Load = (name: string) => unknown

interface UrlModule {
  pathToFileURL(path: string): URL
  fileURLToPath(address: string): string
}

/** The URL of a path or of a URL. */
export function addressOf(place: string | URL, { require }: Runtime): string {
  const text = String(place)
  if (/^\w[\w+.-]+:/.test(text)) return text
  return ((require as Load)('node:url') as UrlModule).pathToFileURL(text).href
}

/** Loads a module of a file at once, where the runtime can. */
export function requireFile(address: string, { require }: Runtime): unknown {
  const load = require as Load
  return load((load('node:url') as UrlModule).fileURLToPath(address))
}
