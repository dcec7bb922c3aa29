import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { scratch } from '../_run/runtime.ts'

/** As an app would name it. */
const fromSource: Plugin = {
  name: 'from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^nfo(\/http)?$/ }, ({ path }) => ({
      path: resolve(path === 'nfo' ? 'src/index.ts' : 'src/http/index.ts')
    }))
  }
}

/** One file of a script and all that it imports, frameworks included; its imports start at this folder. */
export async function bundled(contents: string): Promise<string> {
  const outfile = `${scratch('http')}.mjs`
  // What was written for CommonJS asks for Node's own modules by require.
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" }
  await build({
    stdin: { contents, resolveDir: join(process.cwd(), 'test/http'), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    ignoreAnnotations: true,
    logLevel: 'silent',
    plugins: [fromSource],
    banner
  })
  return outfile
}
