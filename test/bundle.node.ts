import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('bundle')

/**
 * What a page loads at once that imports this from the package. Without splitting there is one file; with it, what is imported
 * when it is needed does not count.
 */
async function gzipped(code: string, platform: 'browser' | 'node' = 'browser', splitting = false): Promise<number> {
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
  return gzipSync(Buffer.concat(texts.map(({ contents }) => contents)), { level: 9 }).length
}

const pages = `${readFileSync('README.md', 'utf8')}${readFileSync('docs/sinks.md', 'utf8')}`

/** The number that a page gives; it may be off by one in a hundred, as compilers and formatters change. */
function assertSaid(marker: string, measured: number): void {
  const [, said] = pages.match(new RegExp(`<!-- size:${marker} -->([\\d,]+)<!-- /size -->`)) ?? []
  const bytes = Number(said?.replaceAll(',', ''))
  assert.ok(
    Math.abs(bytes - measured) <= measured / 100,
    `the docs say ${said} bytes for ${marker}; measured are ${measured}`
  )
}

test('wrap alone is as large as README says', async () => {
  assertSaid('wrap', await gzipped("export { wrap } from 'nfo'"))
})

test('everything is as large as README says', async () => {
  assertSaid('all', await gzipped("export * from 'nfo'", 'browser', true))
})

const CORE = "export { createLogger, wrap } from 'nfo'"

for (const platform of ['browser', 'node'] as const) {
  for (const name of ['json', 'csv', 'markdown', 'sqlite']) {
    test(`${name} is as large on top of the core as docs/sinks.md says, ${platform}`, async () => {
      const both = `${CORE}; export { ${name}Sink } from 'nfo/${name}'`
      assertSaid(`${name}-${platform}`, (await gzipped(both, platform)) - (await gzipped(CORE, platform)))
    })
  }
}

test('a bundle for browsers has no code for other runtimes', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export * from 'nfo'", resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser'
  })
  assert.not.match(outputFiles[0].text, /"node:|worker_threads|getBuiltinModule|Deno\.|Bun\./)
})

test.run()
