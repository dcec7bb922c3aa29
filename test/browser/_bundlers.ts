import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import { build as viteBuild } from 'vite'
import webpack from 'webpack'

/** Bundles these files of a project, each to `OUT/NAME.js`, and gives what the bundler warns of. */
export type Bundler = (project: string, names: readonly string[], out: string) => Promise<string[]>

const entriesOf = (project: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, join(project, `${name}.js`)]))

async function withEsbuild(project: string, names: readonly string[], out: string): Promise<string[]> {
  const { warnings } = await esbuild.build({
    entryPoints: entriesOf(project, names),
    outdir: out,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    splitting: true,
    minify: true,
    logLevel: 'silent'
  })
  return warnings.map(({ text }) => text)
}

async function withRollup(project: string, names: readonly string[], out: string): Promise<string[]> {
  const warnings: string[] = []
  const bundle = await rollup({
    input: entriesOf(project, names),
    plugins: [nodeResolve({ browser: true }), sqlJsAsModule],
    onwarn: ({ message }) => void warnings.push(message)
  })
  await bundle.write({ dir: out, format: 'es' })
  await bundle.close()
  return warnings
}

/** What a plugin for CommonJS does, for the one package here that is no module. */
const sqlJsAsModule = {
  name: 'sql-js-as-module',
  transform: (code: string, id: string): string | undefined =>
    /sql\.js[\\/]dist/.test(id)
      ? `var module = { exports: {} }, exports = module.exports;${code};export default module.exports`
      : undefined
}

async function withVite(project: string, names: readonly string[], out: string): Promise<string[]> {
  const warnings: string[] = []
  const warn = (text: string): void => void warnings.push(text)
  const silent = { info() {}, clearScreen() {}, hasErrorLogged: () => false, hasWarned: false }
  await viteBuild({
    root: project,
    configFile: false,
    customLogger: { ...silent, warn, warnOnce: warn, error: warn },
    build: {
      outDir: out,
      emptyOutDir: false,
      rollupOptions: {
        input: entriesOf(project, names),
        output: { entryFileNames: '[name].js' }
      }
    }
  })
  return warnings
}

function withWebpack(project: string, names: readonly string[], out: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const options: webpack.Configuration = {
      mode: 'production',
      context: project,
      entry: entriesOf(project, names),
      output: { path: out, publicPath: 'auto' },
      // Takes most of its time, and the others do it.
      optimization: { minimize: false },
      performance: false
    }
    webpack(options, (error, stats) => {
      if (error || !stats) return reject(error)
      const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true })
      resolve([...errors, ...warnings].map(({ message }) => message))
    })
  })
}

export const bundlers: Readonly<Record<string, Bundler>> = {
  esbuild: withEsbuild,
  vite: withVite,
  webpack: withWebpack,
  rollup: withRollup
}
