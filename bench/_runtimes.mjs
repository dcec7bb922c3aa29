import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packagedBinary } from '../test/_run/binaries.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const here = fileURLToPath(new URL('.', import.meta.url))
const run = promisify(execFile)

/** The native binary inside a package per platform: the shims in `.bin` are another process on the way. */
function nativeBinary(scope, ...inside) {
  const folder = join(root, 'node_modules', scope)
  if (!existsSync(folder)) return undefined
  const candidates = readdirSync(folder).map((name) => join(folder, name, ...inside))
  return candidates.find((path) => existsSync(path))
}

const suffix = process.platform === 'win32' ? '.exe' : ''
const PERMISSIONS = ['--allow-read', '--allow-write=/dev/null', '--allow-env', '--allow-sys', '--allow-net=127.0.0.1']
const DENO = ['run', '--no-lock', '--node-modules-dir=manual']

/** How to start a script on each runtime; `gc` are flags that make `gc()` a global, `all` those that allow everything. */
export const runtimes = {
  node: { binary: process.execPath, flags: [], gc: ['--expose-gc'] },
  deno: {
    binary: nativeBinary('@deno', `deno${suffix}`),
    flags: [...DENO, ...PERMISSIONS],
    all: [...DENO, '--allow-all'],
    gc: ['--v8-flags=--expose-gc']
  },
  // Bun's install script moves its binary.
  bun: {
    binary: nativeBinary('@oven', 'bin', `bun${suffix}`) ?? packagedBinary('bun', root),
    flags: ['run', '--no-install'],
    gc: []
  }
}

/** The wanted runtimes that are installed; the others are named. */
export function present(wanted = Object.keys(runtimes)) {
  const unknown = wanted.find((name) => !(name in runtimes))
  if (unknown) throw new Error(`[nfo] [bench] unknown runtime ${unknown}; use ${Object.keys(runtimes).join(', ')}`)
  const missing = wanted.filter((name) => !runtimes[name].binary)
  if (missing.length > 0) console.log(`not installed, so not measured: ${missing.join(', ')}`)
  return wanted.filter((name) => runtimes[name].binary)
}

export async function versionOf(name) {
  const { stdout } = await run(runtimes[name].binary, ['--version'])
  return `${{ node: 'Node', deno: 'Deno', bun: 'Bun' }[name]} ${/\d+\.\d+\.\d+/.exec(stdout)[0]}`
}

/** Command and arguments for a script of this folder, with its request as JSON. */
export function command(name, script, request, { gc = false, all = false } = {}) {
  const { binary, flags, all: allFlags = flags, gc: gcFlags } = runtimes[name]
  return [binary, [...(all ? allFlags : flags), ...(gc ? gcFlags : []), join(here, script), JSON.stringify(request)]]
}

/** Competitors at their best: no source maps, no update checks, no colours. */
export const environment = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' }

/** Runs a script to its end and parses the last line that it prints. */
export async function ask(name, script, request, options) {
  const [binary, args] = command(name, script, request, options)
  const { stdout } = await run(binary, args, { env: environment, timeout: 180_000, killSignal: 'SIGKILL', cwd: here })
  return JSON.parse(stdout.trim().split('\n').at(-1))
}
