import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('examples')

test('quickstart checks links, records the calls and finds the one that hung', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['examples/quickstart/main.mjs'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' }
  })
  assert.is(stderr, '')
  assert.is(status, 0)
  assert.match(stdout, /checkPage\(page: 'examples\/quickstart\/pages\/broken\.md'\)/)
  assert.match(stdout, /broken\.md: 3 links, 2 broken/)
  assert.match(stdout, /no heading #no-such-heading/)
  assert.match(stdout, /parsePrice\(text: 'free'\)/)
  assert.match(stdout, /All of it as expected/)
})

/** What each of the small ones says at least. */
const SAYS: Record<string, RegExp[]> = {
  csv: [/25 columns, 9 records/, /"'=umbrella\(\) is sold out"/],
  markdown: [/^# Logs/, /## \S+ \| DEBUG \| `search`/, /sku: 'tea', total: 19/],
  json: [/^6 files, \d+ bytes, \d+ of 2000 calls/],
  sqlite: [/sell\(=umbrella\(\)\) failed: =umbrella\(\) is sold out/, /9 calls; slowest: search/],
  commands: [/ended with 3/, /exit code 3/, /sh +ERROR +1/, /2 entries are in runs\.csv/, /2 calls, 1 error \(50 %\)/]
}

for (const [name, says] of Object.entries(SAYS)) {
  test(`sinks/${name}.mjs does what it says`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`examples/sinks/${name}.mjs`], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' }
    })
    assert.is(stderr, '')
    assert.is(status, 0)
    for (const said of says) assert.match(stdout, said)
  })
}

test.run()
