import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch, skipUnless } from '../_run/runtime.ts'

const test = suite('docs/thread.md')
const built = skipUnless(test, existsSync('dist/node/nfo-thread.js'), 'no build; npm run build')
const page = readFileSync('docs/thread.md', 'utf8')

/** Runs a snippet where the package is installed. Gives what it printed and its folder. */
function runSnippet(code: string): { stdout: string; folder: string } {
  const folder = scratch('snippet')
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  symlinkSync(process.cwd(), join(folder, 'node_modules/nfo'))
  writeFileSync(join(folder, 'snippet.mjs'), code)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['snippet.mjs'], { cwd: folder, encoding: 'utf8' })
  assert.equal([status, stderr], [0, ''])
  return { stdout, folder }
}

const [specs, module] = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)

built('sinks by specs', () => {
  const { stdout, folder } = runSnippet(specs)
  assert.is(stdout, '1000 1000 0\n')
  assert.is(readFileSync(join(folder, 'calls.jsonl'), 'utf8').split('\n').length - 1, 1000)
})

built('sinks and stages of a module', () => {
  const lines = readFileSync(join(runSnippet(module).folder, 'errors.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const entries = lines.map((line) => JSON.parse(line))
  assert.equal(
    entries.map((entry) => [entry.function_name, entry.exception, entry.extra.shop]),
    [['pay', 'negative', 'berlin']]
  )
})

test.run()
