import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('bundle')

/** What a page loads that imports this from the package. */
async function gzipped(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022'
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}

const readme = readFileSync('README.md', 'utf8')

/** The number that README gives; it may be off by one in a hundred, as compilers and formatters change. */
function assertSaid(marker: string, measured: number): void {
  const [, said] = readme.match(new RegExp(`<!-- size:${marker} -->([\\d,]+)<!-- /size -->`)) ?? []
  const bytes = Number(said?.replaceAll(',', ''))
  assert.ok(
    Math.abs(bytes - measured) <= measured / 100,
    `README says ${said} bytes for ${marker}; measured are ${measured}`
  )
}

test('wrap alone is as large as README says', async () => {
  assertSaid('wrap', await gzipped("export { wrap } from 'nfo'"))
})

test('everything is as large as README says', async () => {
  assertSaid('all', await gzipped("export * from 'nfo'"))
})

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
