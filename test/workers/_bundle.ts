import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { build, type Plugin } from 'esbuild'

/** As `build.mjs` has it for Workers: their runtime, and `name.edge.ts` in the place of `name.ts`. */
const forWorkers: Plugin = {
  name: 'for-workers',
  setup({ onResolve }) {
    onResolve({ filter: /runtimes\/generic\.ts$/ }, () => ({ path: resolve('src/runtimes/workerd.ts') }))
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const edge = resolve(resolveDir, path.replace(/\.ts$/, '.edge.ts'))
      return existsSync(edge) ? { path: edge } : undefined
    })
  }
}

/** A file of this folder, or code in its place, as one module for workerd. */
export async function workerScript(
  contents: string,
  { tests = false, minify = false }: { tests?: boolean; minify?: boolean } = {}
): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${process.cwd()}/test/workers`, loader: 'ts' },
    bundle: true,
    write: false,
    minify,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'browser', 'import'],
    external: ['node:*', 'cloudflare:*'],
    // A test file is nothing but side effects.
    ignoreAnnotations: tests,
    banner: { js: tests ? 'globalThis.UVU_DEFER = 1; globalThis.UVU_QUEUE = [[]]' : '' },
    plugins: [forWorkers],
    logLevel: 'silent'
  })
  return outputFiles[0].text
}
