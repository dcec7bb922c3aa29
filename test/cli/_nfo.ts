import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { scratch } from '../_run/runtime.ts'
import { bundle, type Ending, starters } from '../runtimes/_children.ts'

let script: Promise<string> | undefined

/** The command, bundled once. */
export function nfoScript(): Promise<string> {
  script ??= bundle(`import '../../src/cli/main.ts'`)
  return script
}

export interface Surroundings {
  /** Of `starters`. */
  on?: string
  env?: Record<string, string>
  cwd?: string
}

/** Runs `nfo` with arguments in UTC; nothing of the terminal around the tests reaches it. */
export async function nfo(args: string[], { on = 'node', env = {}, cwd }: Surroundings = {}): Promise<Ending> {
  const [program, ...flags] = [...starters[on], await nfoScript(), ...args]
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', LC_ALL: 'C.UTF-8' }
  const child = spawn(program, flags, { cwd, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const seen = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => void (seen.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => void (seen.stderr += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...seen })
    })
  })
}

const fixtures = join(process.cwd(), 'test/fixtures')

/** A copy of a file that the Python package wrote, alone in a folder. */
export function fixture(name: string): string {
  const path = join(scratch('fixture'), name)
  mkdirSync(dirname(path), { recursive: true })
  copyFileSync(join(fixtures, name), path)
  return path
}

/** What would show that somebody wrote: the names beside the file, and its bytes. */
export function traceOf(path: string): { names: string[]; bytes: Buffer } {
  return { names: readdirSync(dirname(path)).sort(), bytes: readFileSync(path) }
}

/** Whether there is `script`, which runs a command on a terminal. */
export const hasTerminal: boolean =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false

/** Runs `nfo` on a terminal of so many columns; both streams are in the result, as the terminal got them. */
export async function nfoOnTerminal(
  args: string[],
  columns: number,
  env: Record<string, string> = {}
): Promise<string> {
  const command = [process.execPath, await nfoScript(), ...args].map((part) => `'${part.replaceAll("'", `'\\''`)}'`)
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', LC_ALL: 'C.UTF-8', TERM: 'xterm' }
  const shell = `stty cols ${columns} rows 40; ${command.join(' ')}`
  const child = spawn('script', ['-qec', shell, '/dev/null'], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let seen = ''
  child.stdout.setEncoding('utf8').on('data', (text) => void (seen += text))
  await new Promise((resolve) => child.on('close', resolve))
  return seen.replaceAll('\r\n', '\n')
}

export const nameOf = basename
