import type { Storage } from '../core/context.ts'
import type { WorkerClass } from './_thread.ts'
import type { FileSystem } from './types.ts'

/** The few members of `node:process` that nfo uses. */
export interface ProcessLike {
  readonly pid: number
  readonly env: Record<string, string | undefined>
  readonly stdout: { isTTY?: boolean }
  readonly stderr: { isTTY?: boolean }
  abort(): never
  exit(code: number): never
  cwd(): string
  kill(pid: number, signal: string | 0): unknown
  nextTick(task: () => void): void
  on(event: string, listener: () => void): unknown
  prependListener(event: string, listener: () => void): unknown
  removeListener(event: string, listener: () => void): unknown
  listenerCount(event: string): number
}

/** What Node, and the runtimes that resemble it, are made of. Each member loads when it is first read. */
export interface NodeModules {
  readonly process: ProcessLike
  readonly fs: FileSystem | undefined
  readonly threads: { Worker: WorkerClass } | undefined
  readonly tty: { isatty(fd: number): boolean } | undefined
  readonly hooks: { AsyncLocalStorage: new <Value>() => Storage<Value> } | undefined
  /** See `Runtime.require`. */
  require(name: string): unknown
}

interface Loader extends ProcessLike {
  getBuiltinModule?(name: string): object | undefined
  mainModule?: { require(name: string): object }
}

type Load = (name: string) => object | undefined
type Require = (name: string) => unknown

// Not imports: node:process makes the standard streams, which turns pipes non-blocking, and together they cost 7 ms of
// start-up on Node, 8 on Bun and 40 on Deno.
const loader = (): Loader => (globalThis as unknown as { process: Loader }).process
const imported = new Map<string, object | undefined>()

/** The modules; `otherwise` gets them where there is no `process.getBuiltinModule`, that is on Node before 20.16. */
export function nodeModules(otherwise: Load = importSoon): NodeModules {
  const load: Load = (name) => loader().getBuiltinModule?.(name) ?? otherwise(name)
  return {
    get process() {
      return loader()
    },
    get fs() {
      return load('node:fs') as FileSystem | undefined
    },
    get threads() {
      return load('node:worker_threads') as NodeModules['threads']
    },
    get tty() {
      return load('node:tty') as NodeModules['tty']
    },
    get hooks() {
      return load('node:async_hooks') as NodeModules['hooks']
    },
    require: (name) => {
      const own = /^\w+:/.test(name) && load(name)
      return own || requireFrom(load, [import.meta.url, `${loader().cwd()}/`], name)
    }
  }
}

/** From the first place that knows it. */
function requireFrom(load: Load, [place, ...others]: string[], name: string): unknown {
  const { createRequire } = load('node:module') as { createRequire(from: string): Require }
  try {
    return createRequire(place)(name)
  } catch (error) {
    // Where nfo came from a CDN, its own place is no place for packages.
    const { code } = error as { code?: string }
    if (others.length === 0 || (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_INVALID_ARG_VALUE')) throw error
    return requireFrom(load, others, name)
  }
}

/** In an ES module that names no module, only `import()` is left: undefined at first, and there a moment later. */
function importSoon(name: string): object | undefined {
  const { mainModule } = loader()
  if (mainModule) return mainModule.require(name)
  if (!imported.has(name)) {
    imported.set(name, undefined)
    import(name).then((module) => imported.set(name, module)).catch(() => {})
  }
  return imported.get(name)
}

/** Sends for the modules where they take that moment, so that they are there when they are first needed. */
export function sendForModules(): void {
  if (loader().getBuiltinModule) return
  for (const name of ['fs', 'module', 'worker_threads', 'tty', 'async_hooks']) importSoon(`node:${name}`)
}
