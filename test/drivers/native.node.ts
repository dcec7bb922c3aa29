import { join } from 'node:path'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundleTests } from '../_run/bundle.mjs'
import { runChild } from '../_run/child.mjs'
import { scratch, skipUnless } from '../_run/runtime.ts'

const newer = process.env.NFO_NODE
const isNewer = suite('drivers/native on a Node with node:sqlite')
const test = skipUnless(isNewer, newer !== undefined, 'NFO_NODE names no Node with node:sqlite')

const PARTS = ['drivers/native.test.ts', 'sinks/sqlite.test.ts']

test(`${PARTS} pass there, and skip nothing of theirs`, async () => {
  const outfile = scratch('native.mjs')
  const [root, tests] = [process.cwd(), join(process.cwd(), 'test')]
  const files = PARTS.map((name) => join(tests, name))
  await bundleTests({ root, tests, files, outfile, portable: true, grep: '', timeoutMs: 10_000 })
  const { code, result, output } = await runChild({ command: [newer, outfile], env: process.env, stallMs: 20_000 })
  assert.is(code, 0, output)
  assert.equal(result.failures, [])
  assert.equal(result.skipped, [])
  assert.ok(result.passed > 30)
})

isNewer.run()
