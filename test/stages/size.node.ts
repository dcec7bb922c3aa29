import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('stages: size')

/** As in a build for browsers. */
const forBrowsers: Plugin = {
  name: 'for-browsers',
  setup({ onResolve }) {
    onResolve({ filter: /runtimes\/generic\.ts$/ }, () => ({ path: resolve('src/runtimes/browser.ts') }))
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const edge = resolve(resolveDir, path.replace(/\.ts$/, '.edge.ts'))
      return existsSync(edge) ? { path: edge } : undefined
    })
  }
}

async function gzipped(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: resolve('src') },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    plugins: [forBrowsers]
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}

const core = "export * from './index.ts'\n"

for (const name of ['tag', 'route', 'diff', 'sample', 'filter', 'redact', 'dedupe']) {
  test(`${name} adds at most 1 KB to the core`, async () => {
    const added = (await gzipped(`${core}export { ${name} } from './stages/${name}.ts'`)) - (await gzipped(core))
    assert.ok(added > 300 && added <= 1024, `${added} bytes`)
  })
}

test.run()
