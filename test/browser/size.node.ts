import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packageSize } from '../_bundles.ts'

const test = suite('browser/size')

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
    const size = (...lines: string[]): Promise<number> => packageSize(lines.join('\n'), 'browser', true)
    const measured = (await size(...base, `export { ${name} } from 'nfo/browser'`)) - (await size(...base))
    const [, said] = chapter.match(new RegExp(`<!-- size:${name} -->([\\d,]+)<!-- /size -->`)) ?? []
    // Off by two in a hundred, as compilers change and neighbours compress differently.
    assert.ok(Math.abs(Number(said?.replaceAll(',', '')) - measured) <= measured / 50, `measured ${measured}`)
  })
}

test.run()
