import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipUnless } from '../_run/runtime.ts'
import { type Cdn, isReady, NOT_READY, openCdn, script } from './_cdn.ts'

const docsSuite = suite('deno: docs')
const test = skipUnless(docsSuite, isReady, NOT_READY)
const snippets = [...readFileSync('docs/deno.md', 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)
let cdn: Cdn

docsSuite.before(async () => {
  cdn = await openCdn()
})
docsSuite.after(() => cdn.close())

const local = (code: string): string => code.replaceAll(/https:[^']*?(?=\/dist\/)/g, cdn.address)

test('there are some', () => {
  assert.is(snippets.length, 3)
})

for (const [index, code] of snippets.entries()) {
  test(`snippet ${index + 1} of docs/deno.md runs as it stands`, async () => {
    const flags = ['--unstable-kv', '--allow-net=127.0.0.1']
    const { code: status, stdout, stderr } = await cdn.deno('run', [...flags, script(local(code), cdn)])
    assert.equal([status, stderr], [0, ''])
    for (const [, said] of code.matchAll(/console\.log\(.*\) \/\/ (.+)/g)) {
      assert.ok(stdout.includes(`${said}\n`), `expected ${said} in ${stdout}`)
    }
    if (code.includes('Deno.serve')) assert.match(stdout, '"function_name":"GET"')
    if (code.includes('openKv')) assert.match(stdout, '-5 negative')
  })
}

test('their types are right', async () => {
  const files = snippets.map((code) => script(local(code), cdn))
  const { code, stderr } = await cdn.deno('check', ['--unstable-kv', ...files])
  assert.is(code, 0, stderr)
})

docsSuite.run()
