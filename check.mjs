import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packagedBinary } from './test/_run/binaries.mjs'

const root = import.meta.dirname
const deno = packagedBinary('deno', root) ?? 'deno'
const folder = mkdtempSync(join(tmpdir(), 'nfo-check-'))
const node = (script, ...args) => [process.execPath, join(root, script), ...args]
const installed = (script, ...args) => node(join('node_modules', script), ...args)

function start([command, ...args]) {
  const env = { ...process.env, NO_COLOR: '1', DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' }
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ passed: false, output: error.message }))
    child.on('close', (code) => resolve({ passed: code === 0, output: Buffer.concat(chunks).toString() }))
  })
}

async function check(name, command) {
  const began = Date.now()
  const { passed, output } = await start(command)
  console.log(`${passed ? '✓' : '✗'} ${name.padEnd(40)} ${((Date.now() - began) / 1000).toFixed(1)} s`)
  if (!passed) console.log(output.replace(/^/gm, '    '))
  return passed
}

/** Both look at the package as it would be published, so it is packed once; `prepare` need not build again. */
async function checkPackage() {
  const packing = ['npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  if (!(await check('npm pack', packing))) return false
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz'))
  )
  return all(
    check('publint', installed('publint/src/cli.js', tarball, '--strict')),
    check('attw (types resolve)', installed('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only'))
  )
}

const all = async (...checks) => (await Promise.all(checks)).every(Boolean)

try {
  // First, as the others look at what it leaves in dist.
  const isBuilt = await check('build', node('build.mjs'))
  const passed = await all(
    check('types', installed('typescript/bin/tsc', '--noEmit')),
    check('lint and format', installed('@biomejs/biome/bin/biome', 'check', '--error-on-warnings')),
    isBuilt && checkPackage(),
    check('deno publish (JSR, no slow types)', [deno, 'publish', '--dry-run', '--allow-dirty'])
  )
  process.exitCode = isBuilt && passed ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
