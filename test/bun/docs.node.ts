import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packagedBinary } from '../_run/binaries.mjs'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { run } from '../runtimes/_children.ts'

const docsSuite = suite('bun: docs')
const bun = packagedBinary('bun') ?? ''
const isReady = bun !== '' && existsSync('dist/bun/index.js')
const test = skipUnless(docsSuite, isReady, 'no bun or no build; npm install, npm run build')
const snippets = [...readFileSync('docs/bun.md', 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)

test('there are some', () => {
  assert.is(snippets.length, 3)
})

for (const [index, code] of snippets.entries()) {
  test(`snippet ${index + 1} of docs/bun.md runs as it stands`, async () => {
    const folder = scratch('docs')
    mkdirSync(`${folder}/node_modules`, { recursive: true })
    symlinkSync(process.cwd(), `${folder}/node_modules/nfo`)
    const ends = `\nprocess.chdir(${JSON.stringify(folder)})\n`
    writeFileSync(`${folder}/snippet.mjs`, code.replace(/\n\n/, `\n${ends}\n`))
    const { code: status, stdout, stderr } = await run([bun, '--no-install', `${folder}/snippet.mjs`])
    assert.equal([status, stderr], [0, ''])
    for (const [, said] of code.matchAll(/console\.log\(.*\) \/\/ (.+)/g)) {
      assert.ok(stdout.replaceAll(/\s+/g, ' ').includes(said), `expected ${said} in ${stdout}`)
    }
    if (code.includes('Bun.serve')) assert.match(stdout, 'GET /items/:item')
    if (code.includes('sqlite:calls.db')) assert.ok(existsSync(`${folder}/calls.db`))
  })
}

docsSuite.run()
