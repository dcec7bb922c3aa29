import { runtime } from '../runtimes/generic.ts'
import { type AutoLogOptions, autoLog } from './autoLog.ts'
import { chosenFiles } from './chosen.ts'
import { filesBelow, type ReadFolder } from './filesBelow.ts'
import { isPackage } from './globs.ts'
import { emptyReport, type Report } from './report.ts'

export interface AutoLoggedByName extends Report {
  /** What each module gives away, to be used from now on; by its package's name or its path from the current folder. */
  modules: Record<string, unknown>
}

/**
 * Imports modules by name and records their functions: packages, and the files that patterns such as `'./src/*.ts'` find
 * below the current folder. What a CommonJS module gives away is changed in place, for everybody; of an ES module,
 * `modules` holds a recorded copy. Options may come last. Warns when nothing was found. Rejects when an import fails.
 *
 * @example
 * const { modules, wrapped } = await autoLogByName('./src/*.js', 'semver', { level: 'info' })
 */
export async function autoLogByName(...given: (string | AutoLogOptions)[]): Promise<AutoLoggedByName> {
  const { createRequire, folder, readdir } = await surroundings()
  const names = given.filter((one) => typeof one === 'string')
  const options = (given.find((one) => typeof one === 'object') ?? {}) as AutoLogOptions
  const result: AutoLoggedByName = { ...emptyReport(), modules: {} }
  const require = createRequire(`${folder}/index.js`)
  const files = filesFor(
    names.filter((name) => !isPackage(name)),
    folder,
    readdir
  )
  for (const name of [...names.filter(isPackage), ...files]) {
    const loaded = (await load(require, name)) as object
    const module = options.module ?? name.replace(/\.[cm]?[jt]s$/, '')
    const { exports, wrapped, skipped } = autoLog(loaded, { ...options, module })
    result.modules[name] = exports
    result.wrapped.push(...wrapped.map((one) => `${module}:${one}`))
    result.skipped.push(...skipped.map((one) => ({ ...one, name: `${module}:${one.name}` })))
  }
  if (result.wrapped.length === 0) {
    const fix = "patterns start at the current folder, for example './src/**/*.js'"
    runtime.print('stderr', `[nfo] [autoLogByName] nothing is recorded of ${names.join(', ')}; ${fix}`)
  }
  return result
}

interface Require {
  (path: string): unknown
  resolve(name: string): string
  cache: Record<string, { exports: unknown } | undefined>
}

interface Surroundings {
  createRequire(path: string): Require
  folder: string
  readdir: ReadFolder
}

/** Imported when they are needed: what is imported at the top, a page would have to load. */
async function surroundings(): Promise<Surroundings> {
  const [files, modules] = await Promise.all(['node:fs', 'node:module'].map((name) => import(name)))
  const { process } = globalThis as unknown as { process: { cwd(): string } }
  return { createRequire: modules.createRequire, folder: process.cwd(), readdir: files.readdirSync }
}

/** What a CommonJS module gives away is the object everybody has; what `import` gives is a view of it. */
async function load(require: Require, name: string): Promise<unknown> {
  const path = require.resolve(isPackage(name) ? name : `./${name}`)
  if (isPackage(name)) {
    try {
      return require(path)
    } catch (error) {
      if (!/^ERR_REQUIRE/.test((error as { code?: string }).code ?? '')) throw error
    }
  }
  const url = new URL('file:///')
  url.pathname = path.replaceAll('\\', '/').replaceAll('%', '%25')
  const namespace: { default?: unknown } = await import(url.href)
  const shared = require.cache[path]?.exports
  return typeof shared === 'object' && shared !== null && shared === namespace.default ? shared : namespace
}

function filesFor(patterns: readonly string[], folder: string, readdir: ReadFolder): string[] {
  if (patterns.length === 0) return []
  const moduleOf = chosenFiles(patterns, folder)
  const withPackages = patterns.some((pattern) => /^[^!].*node_modules/.test(pattern))
  const files = filesBelow(folder, withPackages, readdir).filter((path) => moduleOf(path) !== undefined)
  return files.map((path) => path.slice(folder.length + 1).replaceAll('\\', '/'))
}
