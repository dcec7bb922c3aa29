import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { build, type Plugin } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Report } from '../../src/auto/report.ts'
import { type AutoLogPluginOptions, autoLogPlugin } from '../../src/esbuild.ts'
import { scratch } from '../_run/runtime.ts'
import { writeApp } from './_app.ts'
import { APP, TYPED } from './_fixtures.ts'

const root = process.cwd()
/** In the place of the packages' own entries. */
const useSource: Plugin = {
  name: 'use-source',
  setup({ onResolve }) {
    onResolve({ filter: /^nfo(\/auto)?$/ }, ({ path }) => ({
      path: join(root, path === 'nfo' ? 'src/index.ts' : 'src/auto/index.ts')
    }))
  }
}

async function bundle(
  folder: string,
  code: string,
  options?: AutoLogPluginOptions
): Promise<{ file: string; warnings: string[] }> {
  const file = `${scratch('bundle')}.mjs`
  const plugin: Plugin[] = options ? [autoLogPlugin(options)] : []
  const { warnings } = await build({
    stdin: { contents: code, resolveDir: folder },
    absWorkingDir: folder,
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    keepNames: true,
    sourcemap: 'inline',
    ignoreAnnotations: true,
    logLevel: 'silent',
    plugins: [...plugin, useSource]
  })
  return { file, warnings: warnings.map(({ text }) => text) }
}

const node = (file: string): { stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['--enable-source-maps', file], { encoding: 'utf8' })

const test = suite('nfo/esbuild')
const DUMP = `import { getLogger } from 'nfo'
console.log('recorded ' + getLogger().dump().map((entry) => entry.module + ':' + entry.functionName).join(' '))`

// What a bundle changes by itself is left out: names of cycles' modules and of CommonJS.
const PARTS = ['live', 'default', 'generators', 'decorators', 'stack']

test('what is built does the same and records every exported function', async () => {
  const folder = writeApp(APP)
  const code = PARTS.map((part) => `import './${part}/main.mjs'`).join('\n')
  const plain = node((await bundle(folder, code)).file)
  let report: Report | undefined
  const { file, warnings } = await bundle(folder, `${code}\n${DUMP}`, { onReport: (given) => void (report = given) })
  assert.equal(warnings, [])
  const [stdout, recorded] = node(file).stdout.split('recorded ')
  assert.is(stdout, plain.stdout)
  assert.match(stdout, /stack 1:34 2:25 3:29\n/)
  for (const name of 'live/live:increase default/class:default.reveal stack/stack:Three.go'.split(' ')) {
    assert.ok(recorded.split(' ').includes(name), `${name} is not in ${recorded}`)
  }
  assert.ok(report?.wrapped.includes('live/live:increase'))
  assert.ok(
    report?.skipped.some(({ name, reason }) => name === 'live/live:count' && reason.startsWith('is not written'))
  )
})

test('CommonJS and TypeScript are recorded, too', async () => {
  const folder = writeApp({ ...APP, ...TYPED })
  const code = `import './main.ts'\nimport * as named from './cjs/named.cjs'\nconsole.log(named.outer.call({ offset: 1 }, 1))\n${DUMP}`
  const { stdout, stderr } = node((await bundle(folder, code, { files: ['*.ts', 'cjs/**'] })).file)
  assert.is(stderr, '')
  assert.match(stdout, /^types 1 x 2 n 0 3\nkiosk 5 shop true\n21:\d+\n3\n/)
  for (const name of ['shop:total', 'shop:Shop.sell', 'cjs/named:outer', 'cjs/named:inner']) assert.match(stdout, name)
})

test('nothing to record is one warning with the fix', async () => {
  const folder = writeApp(APP)
  const { warnings, file } = await bundle(folder, "import './live/main.mjs'", { files: 'lib/**' })
  assert.is(warnings.length, 1)
  assert.match(warnings[0], /^\[nfo\] \[esbuild\] no function is recorded of 'lib\/\*\*' in .*; set files, for example/)
  assert.match(node(file).stdout, 'live 2')
})

test('a plugin is what esbuild takes, and starts anew with each build', async () => {
  const folder = writeApp(APP)
  const reports: number[] = []
  const options = { onReport: ({ wrapped }: Report) => void reports.push(wrapped.length) }
  const plugins: Plugin[] = [autoLogPlugin(options), useSource]
  const entryPoints = [join(folder, 'live/live.mjs')]
  for (let round = 0; round < 2; round++) {
    await build({
      entryPoints,
      absWorkingDir: folder,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      plugins
    })
  }
  assert.equal(reports, [3, 3])
})

test.run()
