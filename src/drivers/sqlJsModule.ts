import { runtime } from '../runtimes/generic.ts'
import type { SqlJsDatabase } from './sqlJsLibrary.ts'

/** What sql.js gives when it is ready. */
export interface SqlJsModule {
  Database: new (image?: Uint8Array) => SqlJsDatabase
}

interface WasmOptions {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object
}

type Init = (options?: WasmOptions) => Promise<SqlJsModule>
interface Resolver {
  resolve(name: string): string
}

/** `given` may be the module, a promise of it, `initSqlJs`, or a namespace with it. Throws when there is no package. */
export function loadSqlJs(given: unknown): Promise<SqlJsModule> {
  if (given === undefined) return initOf(loadPackage())!(readyAtOnce())
  const init = initOf(given)
  return init ? init() : Promise.resolve(given as Promise<SqlJsModule>)
}

function initOf(given: unknown): Init | undefined {
  const found = typeof given === 'function' ? given : (given as { default?: unknown } | null)?.default
  return typeof found === 'function' ? (found as Init) : undefined
}

function loadPackage(): unknown {
  try {
    if (runtime.require) return runtime.require('sql.js')
  } catch (error) {
    throw new Error('sql.js is not installed; npm install sql.js, or pass a handle', { cause: error })
  }
  throw new Error('sql.js cannot be found here; pass { sqlJs } or a handle')
}

/** By itself sql.js compiles in the background, and a process that ends soon would leave nothing but a journal. */
function readyAtOnce(): WasmOptions | undefined {
  const module = compiled()
  if (!module) return undefined
  return {
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(module, imports)
      done(instance)
      return instance.exports
    }
  }
}

function compiled(): WebAssembly.Module | undefined {
  const { process } = globalThis as unknown as { process: { cwd(): string } }
  try {
    const { createRequire } = runtime.require!('node:module') as { createRequire(from: string): Resolver }
    const script = resolveFrom([() => import.meta.url, () => `${process.cwd()}/`], createRequire)
    return new WebAssembly.Module(runtime.fs!.readFileSync(script.replace(/\.js$/, '.wasm')) as Uint8Array<ArrayBuffer>)
  } catch {
    return undefined
  }
}

/** In the places where `runtime.require` looks. */
function resolveFrom([place, ...others]: (() => string)[], createRequire: (from: string) => Resolver): string {
  try {
    return createRequire(place()).resolve('sql.js')
  } catch (error) {
    if (others.length === 0) throw error
    return resolveFrom(others, createRequire)
  }
}
