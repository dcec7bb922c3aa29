import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sourceSize } from '../_bundles.ts'

const test = suite('stages: size')

const core = "export * from './index.ts'\n"

for (const name of ['tag', 'route', 'diff', 'sample', 'filter', 'redact', 'dedupe']) {
  test(`${name} adds at most 1 KB to the core`, async () => {
    const added = (await sourceSize(`${core}export { ${name} } from './stages/${name}.ts'`)) - (await sourceSize(core))
    assert.ok(added > 300 && added <= 1024, `${added} bytes`)
  })
}

test.run()
