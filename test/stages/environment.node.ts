import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packagedBinary } from '../_run/binaries.mjs'

const test = suite('stages: environment')
const folder = mkdtempSync(join(tmpdir(), 'nfo-stages-'))
const file = join(folder, 'tag.mjs')

test.before(async () => {
  const contents = `
    import { tag } from './src/stages/tag.ts'
    const forbidden = process.argv.includes('forbidden')
    const { env } = process
    if (forbidden) Object.defineProperty(process, 'env', { configurable: true, get() { throw new Error('forbidden') } })
    const stage = tag()
    if (forbidden) Object.defineProperty(process, 'env', { value: env })
    const sink = stage({ write: ([{ environment, version, traceId }]) =>
      console.log(JSON.stringify([environment, version ?? null, traceId])) })
    sink.write([{ extra: {} }])`
  await build({
    stdin: { contents, resolveDir: resolve('.') },
    outfile: file,
    bundle: true,
    format: 'esm',
    external: ['node:*']
  })
})

test.after(() => rmSync(folder, { recursive: true }))

function run(command: string, args: readonly string[], env: Record<string, string> = {}): string[] {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 20_000 })
  assert.is(status, 0, stderr)
  return JSON.parse(stdout)
}

test('reads the variables of the process', () => {
  const variables = { NODE_ENV: 'production', npm_package_version: '1.2.3', X_REQUEST_ID: 'r-1' }
  assert.equal(run(process.execPath, [file], variables), ['production', '1.2.3', 'r-1'])
})

test('goes on where reading them throws', () => {
  const [environment, version, traceId] = run(process.execPath, [file, 'forbidden'], { NODE_ENV: 'production' })
  assert.equal([environment, version], ['local', null])
  assert.match(traceId, /^[\da-f]{32}$/)
})

test('asks Deno for nothing that was not granted', () => {
  const deno = packagedBinary('deno', process.cwd())
  assert.ok(deno)
  const env = { DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1', NFO_ENV: 'prod' }
  const options = ['run', '--no-config', '--no-lock', '--no-remote', '--no-npm', '--cached-only']
  const [environment, version, traceId] = run(deno, [...options, file], env)
  assert.equal([environment, version], ['local', null])
  assert.match(traceId, /^[\da-f]{32}$/)
  assert.is(run(deno, [...options, '--allow-env=NFO_ENV', file], env)[0], 'prod')
})

test.run()
