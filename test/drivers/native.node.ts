import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { skipUnless } from '../_run/runtime.ts'
import { run } from '../runtimes/_children.ts'

const newer = process.env.NFO_NODE
const onNewer = suite('drivers/native on a Node with node:sqlite')
const test = skipUnless(onNewer, newer !== undefined, 'NFO_NODE names no Node with node:sqlite')

/** Portable tests that this Node may have skipped, run by the other one. */
for (const [file, pattern] of [
  ['drivers/native.test', ''],
  ['sinks/sqlite.test', 'native path: contract'],
  ['sinks/sqlite.test', 'sinks/sqlite › native path'],
  ['sinks/sqlite.test', 'native handle']
]) {
  test(`${file} ${pattern}: passes there and skips nothing`, async () => {
    const { code, stdout } = await run([newer!, 'test/run.mjs', file, '--only', 'node', '--grep', pattern])
    assert.is(code, 0, stdout)
    const [, passed] = /(\d+) passed, 0 failed, 0 skipped\n$/.exec(stdout) ?? []
    assert.ok(Number(passed) > 6, stdout)
  })
}

onNewer.run()
