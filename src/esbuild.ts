import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { chosenFiles, ownFolder } from './auto/chosen.ts'
import { emptyReport, type Report } from './auto/report.ts'
import { transform } from './auto/transform.ts'

export interface AutoLogPluginOptions {
  /** Patterns of the files whose functions are recorded, from esbuild's working directory. @default '**', without packages */
  files?: string | readonly string[]
  /** Called after each build with what became of the functions. */
  onReport?: (report: Report) => void
}

/** The few members of esbuild's `PluginBuild` that are used. */
interface PluginBuild {
  initialOptions: { absWorkingDir?: string; loader?: Record<string, string> }
  onStart(callback: () => void): void
  onLoad(options: { filter: RegExp }, callback: (file: { path: string }) => Promise<Loaded | undefined>): void
  onEnd(callback: () => { warnings: { text: string }[] } | undefined): void
}

interface Loaded {
  contents: string
  loader: 'js' | 'ts'
}

/** A plugin as esbuild takes it. */
export interface AutoLogPlugin {
  name: string
  setup(build: PluginBuild): void
}

const COMMONJS = 'require("nfo/auto").instrument'
const MODULE = '__nfo_instrument'
const IMPORT = `import{instrument as ${MODULE}}from"nfo/auto"`

/**
 * An esbuild plugin: the exported functions of the app's modules, and the methods of its exported classes, are recorded
 * in what is built, for places without loader hooks such as Workers and browsers. Lines and columns stay, so source
 * maps are right. JSX files are left as they are. Put it before plugins that load the same files.
 *
 * @example
 * await build({ entryPoints: ['src/worker.ts'], bundle: true, plugins: [autoLogPlugin({ files: 'src/**' })] })
 */
export function autoLogPlugin({ files = '**', onReport }: AutoLogPluginOptions = {}): AutoLogPlugin {
  return {
    name: 'nfo',
    setup({ initialOptions, onStart, onLoad, onEnd }) {
      const folder = initialOptions.absWorkingDir ?? process.cwd()
      const moduleOf = chosenFiles(files, folder, ownFolder(import.meta.url))
      let report = emptyReport()
      onStart(() => {
        report = emptyReport()
      })
      onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
        const module = moduleOf(path)
        const loader = /ts$/.test(path) ? 'ts' : 'js'
        const { [path.slice(path.lastIndexOf('.'))]: asked = loader } = initialOptions.loader ?? {}
        return module === undefined || asked !== loader ? undefined : load(path, module, loader, report)
      })
      onEnd(() => {
        onReport?.(report)
        if (report.wrapped.length > 0) return undefined
        const fix = "set files, for example to 'src/**'; patterns start there"
        return { warnings: [{ text: `[nfo] [esbuild] no function is recorded of '${files}' in ${folder}; ${fix}` }] }
      })
    }
  }
}

async function load(path: string, module: string, loader: 'js' | 'ts', report: Report): Promise<Loaded | undefined> {
  const instrument = (format: string): string => (format === 'module' ? MODULE : COMMONJS)
  const read = transform(await readFile(path, 'utf8'), { module, instrument, tail: IMPORT })
  if (!read) report.skipped.push({ name: module, reason: 'cannot be read' })
  if (!read) return undefined
  report.wrapped.push(...read.wrapped.map((name) => `${module}:${name}`))
  report.skipped.push(...read.skipped.map((one) => ({ ...one, name: `${module}:${one.name}` })))
  return read.wrapped.length > 0 ? { contents: read.code, loader } : undefined
}
