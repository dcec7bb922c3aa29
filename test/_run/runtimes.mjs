import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { chromium, emulatedPi, packagedBinary } from './binaries.mjs'
import { servePage } from './page.mjs'

const denoFlags = '--no-config --no-lock --no-remote --no-npm --cached-only --no-prompt --allow-read --allow-env'
const chromiumFlags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking' +
  ' --disable-component-update --disable-sync --disable-dev-shm-usage'

const version = (binary, ...args) => execFileSync(binary, [...args, '--version'], { encoding: 'utf8' })
const firstNumber = (text) => text.match(/\d+([.-]\d+)+/)?.[0] ?? ''

function packaged(name, commandOf) {
  return () => {
    const binary = packagedBinary(name)
    if (!binary) return { missing: 'not installed; npm install' }
    return { version: firstNumber(version(binary)), start: (job) => commandOf(binary, job) }
  }
}

function deno(binary, { bundle, scratch }) {
  const flags = [...denoFlags.split(' '), `--allow-write=${scratch}`]
  return { command: [binary, 'run', ...flags, bundle], env: { DENO_DIR: join(scratch, '..', 'deno-cache') } }
}

function bun(binary, { bundle }) {
  return { command: [binary, 'run', '--no-install', bundle] }
}

function workerd(binary, { bundle }) {
  const name = basename(bundle)
  const worker = `modules = [(name = "${name}", esModule = embed "${name}")], compatibilityDate = "2026-04-01"`
  const config = join(dirname(bundle), 'workerd.capnp')
  const lines = [
    'using Workerd = import "/workerd/workerd.capnp";',
    `const config :Workerd.Config = (services = [(name = "tests", worker = (${worker}))]);`
  ]
  writeFileSync(config, lines.join('\n'))
  return { command: [binary, 'test', config] }
}

function findChromium() {
  const binary = chromium()
  if (!binary) return { missing: 'not installed; apt-get install chromium-headless-shell' }
  return { version: firstNumber(version(binary)), start: (job) => browse(binary, job) }
}

async function browse(binary, { bundle, scratch }) {
  const page = await servePage(bundle)
  const profile = join(scratch, 'profile')
  mkdirSync(profile)
  return {
    command: [binary, ...chromiumFlags.split(' '), `--user-data-dir=${profile}`, page.address],
    env: { HOME: scratch },
    listen: page.listen,
    close: page.close,
    endsItself: false,
    isChatty: true
  }
}

function findPi() {
  const { command, missing } = emulatedPi(process.cwd())
  if (missing) return { missing }
  return {
    version: `Node ${firstNumber(version(command[0], ...command.slice(1)))} on ARMv7`,
    start: ({ bundle }) => ({ command: [...command, bundle] })
  }
}

/** Every runtime of the portable suite: what finds it, and how many times longer it may stay silent. */
export const runtimes = {
  // Started first, as it takes longest.
  pi: { find: findPi, patience: 8 },
  node: {
    find: () => ({ version: process.versions.node, start: ({ bundle }) => ({ command: [process.execPath, bundle] }) })
  },
  deno: { find: packaged('deno', deno) },
  bun: { find: packaged('bun', bun) },
  workerd: { find: packaged('workerd', workerd) },
  chromium: { find: findChromium, patience: 2 }
}
