import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('browser/size')

/** What a page loads at once, minified and compressed. */
async function gzipped(...lines: string[]): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: process.cwd() },
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error'
  })
  const loaded = new Set<string>()
  const load = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const { path, kind } of metafile.outputs[file].imports) if (kind === 'import-statement') load(path)
  }
  load('out/stdin.js')
  const texts = outputFiles.filter(({ path }) => [...loaded].some((file) => path.endsWith(file)))
  return gzipSync(Buffer.concat(texts.map(({ contents }) => contents)), { level: 9 }).length
}

const chapter = readFileSync('docs/browser.md', 'utf8')
const CONFIGURE = `export { configure, wrap } from 'nfo'`
const SQLITE = `export { sqliteSink } from 'nfo/sqlite'`

const PARTS: Record<string, string[]> = {
  beaconSink: [CONFIGURE],
  recordPage: [CONFIGURE],
  pageDatabase: [CONFIGURE, SQLITE]
}

for (const [name, base] of Object.entries(PARTS)) {
  test(`${name} is as large as the chapter says`, async () => {
    const measured = (await gzipped(...base, `export { ${name} } from 'nfo/browser'`)) - (await gzipped(...base))
    const [, said] = chapter.match(new RegExp(`<!-- size:${name} -->([\\d,]+)<!-- /size -->`)) ?? []
    // Off by two in a hundred, as compilers change and neighbours compress differently.
    assert.ok(Math.abs(Number(said?.replaceAll(',', '')) - measured) <= measured / 50, `measured ${measured}`)
  })
}

test.run()
