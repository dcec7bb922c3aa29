import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packageSize } from './_bundles.ts'

const test = suite('bundle')

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
  assertSaid('wrap', await packageSize("export { wrap } from 'nfo'"))
})

test('everything is as large as README says', async () => {
  assertSaid('all', await packageSize("export * from 'nfo'", 'browser', true))
})

const CORE = "export { createLogger, wrap } from 'nfo'"

for (const platform of ['browser', 'node'] as const) {
  for (const name of ['json', 'csv', 'markdown', 'sqlite']) {
    test(`${name} is as large on top of the core as docs/sinks.md says, ${platform}`, async () => {
      const both = `${CORE}; export { ${name}Sink } from 'nfo/${name}'`
      assertSaid(`${name}-${platform}`, (await packageSize(both, platform)) - (await packageSize(CORE, platform)))
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
