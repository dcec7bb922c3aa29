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

test.run()
