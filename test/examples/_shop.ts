import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { packagedBinary } from '../_run/binaries.mjs'
import { scratch } from '../_run/runtime.ts'

/** How an app whose files are TypeScript is started with its functions recorded. Node 20 runs what `tsc` made of them. */
export const starters: Record<string, string[]> = {
  node: [process.execPath, '--import', 'nfo/register'],
  node24: [process.env.NFO_NODE ?? '', '--import', 'nfo/register'],
  deno: [
    packagedBinary('deno') ?? '',
    ...'run --allow-all --no-lock --no-remote --cached-only --no-prompt --node-modules-dir=manual'.split(' '),
    '--preload',
    './node_modules/nfo/dist/deno/register.js'
  ],
  bun: [packagedBinary('bun') ?? '', '--no-install', '--preload', 'nfo/register']
}

/** The example in a folder of its own, as somebody has it who installed its dependencies. */
export interface Shop {
  folder: string
  /** Whether its database takes one process at a time: without a SQLite of the runtime's own. */
  oneWriter: boolean
  /** Runs a command. */
  shop(...args: string[]): { status: number | null; stdout: string; stderr: string }
  /** Starts the API; gives its address when it listens. */
  api(): Promise<{ url: string; ended: Promise<number | null>; stop(signal?: 'SIGKILL'): void }>
}

export function openShop(runtime: string): Shop {
  const folder = scratch(`shop-${runtime}`)
  cpSync('examples/shop', folder, { recursive: true })
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of ['hono', '@hono', '@types', 'undici-types', 'sql.js'])
    symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name))
  symlinkSync(process.cwd(), join(modules, 'nfo'))
  if (runtime === 'node') compile(folder)
  writeFileSync(join(folder, 'products.csv'), 'tea,4.5,5000\ncup,9.99,5000\ncar,20000,10\n')
  const start = (name: string): string[] => [
    ...starters[runtime],
    runtime === 'node' ? `dist/src/${name}.js` : `src/${name}.ts`
  ]
  const env = { ...process.env, PORT: '0', NODE_NO_WARNINGS: '1' }
  return {
    folder,
    oneWriter: runtime === 'node' && !process.getBuiltinModule?.('node:sqlite'),
    shop(...args) {
      const [command, ...rest] = [...start('cli'), ...args]
      return spawnSync(command, rest, { cwd: folder, env, encoding: 'utf8' })
    },
    async api() {
      const [command, ...rest] = start('api')
      const child = spawn(command, rest, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
      return { url: await addressOf(child, ended), ended, stop: (signal) => stop(child, signal) }
    }
  }
}

function compile(folder: string): void {
  const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(stdout)
}

function addressOf(child: ChildProcess, ended: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [, url] = /listening on (\S+)\n/.exec(said) ?? []
      if (url) resolve(url.replace('localhost', '127.0.0.1'))
    })
    void ended.then((code) => reject(new Error(`the API ended with ${code}: ${said}`)))
  })
}

/** Asks it to end; with SIGKILL everything that it started. */
function stop({ pid, exitCode, signalCode }: ChildProcess, signal?: 'SIGKILL'): void {
  if (exitCode === null && signalCode === null) process.kill(signal ? -pid! : pid!, signal ?? 'SIGTERM')
}
