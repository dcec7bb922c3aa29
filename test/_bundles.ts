import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'

/** As `build.mjs` has it where there are no files: the runtime of its own, and `name.edge.ts` in the place of `name.ts`. */
export const sourceFor = (runtime: 'browser' | 'workerd'): Plugin => ({
  name: `source-for-${runtime}`,
  setup({ onResolve }) {
    onResolve({ filter: /runtimes\/generic\.ts$/ }, () => ({ path: resolve(`src/runtimes/${runtime}.ts`) }))
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const edge = resolve(resolveDir, path.replace(/\.ts$/, '.edge.ts'))
      return existsSync(edge) ? { path: edge } : undefined
    })
  }
})

const gzipped = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length

/** Bytes of a page's one file, minified and compressed; imports start at `src`. */
export async function sourceSize(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: resolve('src') },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    plugins: [sourceFor('browser')]
  })
  return gzipped(outputFiles[0].contents)
}

/**
 * Bytes of what a page loads at once, minified and compressed, that imports from the built package. Without splitting there is
 * one file; with it, what is imported when it is needed does not count.
 */
export async function packageSize(
  code: string,
  platform: 'browser' | 'node' = 'browser',
  splitting = false
): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    splitting,
    metafile: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    platform,
    external: ['node:*'],
    logLevel: 'error',
    target: 'es2022'
  })
  const loaded = new Set<string>()
  const load = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    const imports = metafile.outputs[file]?.imports ?? []
    for (const { path, kind, external } of imports) if (kind === 'import-statement' && !external) load(path)
  }
  load('out/stdin.js')
  const texts = outputFiles.filter(({ path }) => [...loaded].some((file) => path.endsWith(file)))
  return gzipped(Buffer.concat(texts.map(({ contents }) => contents)))
}
