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
  kill(pid: number, signal: string): unknown
  nextTick(task: () => void): void
  on(event: string, listener: () => void): unknown
  prependListener(event: string, listener: () => void): unknown
  removeListener(event: string, listener: () => void): unknown
  listenerCount(event: string): number
}

/** What Node, and the runtimes that resemble it, are made of. */
export interface NodeModules {
  readonly process: ProcessLike
  readonly fs: FileSystem | undefined
  readonly threads: { Worker: WorkerClass } | undefined
}

interface Loader extends ProcessLike {
  getBuiltinModule?(name: string): object | undefined
  mainModule?: { require(name: string): object }
}

const imported = new Map<string, object | undefined>()

/** Modules that load when they are first read: imported at the top they cost 40 ms on Deno and 8 ms on Bun. */
export const lazyModules: NodeModules = {
  get process() {
    return (globalThis as unknown as { process: Loader }).process
  },
  get fs() {
    return builtin('node:fs') as FileSystem | undefined
  },
  get threads() {
    return builtin('node:worker_threads') as NodeModules['threads']
  }
}

/** Undefined at first where only `import()` is left, that is in an ES module on Node before 20.16. */
export function builtin(name: string): object | undefined {
  const loader = lazyModules.process as Loader
  if (loader.getBuiltinModule) return loader.getBuiltinModule(name)
  if (loader.mainModule) return loader.mainModule.require(name)
  if (!imported.has(name)) {
    imported.set(name, undefined)
    import(name).then((module) => imported.set(name, module)).catch(() => {})
  }
  return imported.get(name)
}

/** Sends for the modules where they take a moment to come, so that they are here when they are first needed. */
export function sendForModules(): void {
  if ((lazyModules.process as Loader).getBuiltinModule) return
  for (const name of ['node:fs', 'node:worker_threads', 'node:tty']) builtin(name)
}
