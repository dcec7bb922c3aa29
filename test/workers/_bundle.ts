import process from 'node:process'
import { build } from 'esbuild'
import { sourceFor } from '../_bundles.ts'

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
    plugins: [sourceFor('workerd')],
    logLevel: 'silent'
  })
  return outputFiles[0].text
}
