import { readdirSync, readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { chosenFiles } from './chosen.ts'
import { filesBelow } from './filesBelow.ts'
import { escaped, isPackage, splitOutsideBraces } from './globs.ts'
import { type LoadSettings, written } from './load.ts'
import { scan } from './scan.ts'

interface BunPlugins {
  plugin(plugin: { name: string; setup(build: BunBuild): void }): void
}

interface BunBuild {
  onLoad(options: { filter: RegExp }, load: (file: { path: string }) => { contents: string; loader: string }): void
}

interface Compiled {
  _compile?(content: string, filename: string): unknown
}

type Extension = (module: Compiled, filename: string) => unknown

/**
 * Bun hands files to its hooks by their path, and what was handed over cannot be given back, nor be CommonJS. So the ES
 * modules that are meant are looked up first, and CommonJS is written into where `require` compiles it.
 */
export function startOnBun(settings: LoadSettings): void {
  hookRequire()
  const moduleOf = chosenFiles(settings.patterns, settings.folder, settings.own)
  const withPackages = splitOutsideBraces(settings.patterns).some(
    (text) => isPackage(text) || /^[^!].*node_modules/.test(text)
  )
  const files = filesBelow(settings.folder, withPackages, readdirSync).filter(
    (path) => moduleOf(path) !== undefined && isModule(path)
  )
  if (files.length === 0) return
  const filter = new RegExp(`^(?:${files.map(escaped).join('|')})$`)
  const { Bun } = globalThis as unknown as { Bun: BunPlugins }
  Bun.plugin({
    name: 'nfo',
    setup: (build) =>
      build.onLoad({ filter }, ({ path }) => ({
        contents: written(path, readFileSync(path, 'utf8')),
        loader: path.endsWith('ts') ? 'ts' : 'js'
      }))
  })
}

function hookRequire(): void {
  const { _extensions: extensions } = nodeModule.Module as unknown as { _extensions: Record<string, Extension> }
  const originals: Record<string, Extension> = { ...extensions, '.cjs': extensions['.cjs'] ?? extensions['.js'] }
  for (const ending of ['.js', '.cjs', '.ts', '.cts']) {
    const original = originals[ending]
    extensions[ending] = function load(module, filename) {
      const compile = module._compile as NonNullable<Compiled['_compile']>
      module._compile = function _compile(content, name) {
        // So that the module looks as it did.
        delete module._compile
        return compile.call(this, written(name, content), name)
      }
      return original(module, filename)
    }
  }
}

function isModule(path: string): boolean {
  if (/\.m[jt]s$/.test(path)) return true
  return !/\.c[jt]s$/.test(path) && scan(readFileSync(path, 'utf8'))?.isModule === true
}
