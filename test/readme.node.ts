import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('snippets')
const snippetsOf = (page: string): { page: string; code: string }[] =>
  [...readFileSync(page, 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => ({ page, code }))
const snippets = [
  'README.md',
  'docs/sinks.md',
  'docs/stages.md',
  'docs/webhook.md',
  'docs/migrating-from-python.md',
  'docs/context.md',
  'docs/auto.md',
  'docs/integration.md',
  'docs/llm.md',
  'docs/raspberry-pi.md'
].flatMap(snippetsOf)

test('there are some', () => {
  assert.ok(snippets.length >= 13)
})

for (const [index, { page, code }] of snippets.entries()) {
  test(`snippet ${index + 1}, of ${page}, runs as it stands`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'nfo-readme-'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(process.cwd(), join(folder, 'node_modules/nfo'))
    // `await using` is newer than Node 20's parser; what it stands for is the same.
    writeFileSync(join(folder, 'snippet.mjs'), code.replace('await using ', 'const '))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['snippet.mjs'], { cwd: folder, encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    assert.is(stderr, '')
    assert.is(status, 0)
    for (const [, said] of code.matchAll(/console\.log\(.*\) \/\/ (.+)/g)) {
      assert.ok(stdout.includes(said), `expected ${said} in ${stdout}`)
    }
    if (index === 0) {
      assert.match(stdout, /"sku"|price/)
      assert.not(stdout.includes('k-123'))
    }
  })
}

test.run()
