import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Entry } from '../../src/core/types.ts'
import { toJson } from '../../src/formats/json.ts'
import { nodeWithSqlite } from '../_run/binaries.mjs'
import { scratch } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { bundle, type Ending, starters } from '../runtimes/_children.ts'

let script: Promise<string> | undefined

/** The command, bundled once; beside it are the packages that are installed here. */
export function nfoScript(): Promise<string> {
  script ??= bundle(`import '../../src/cli/main.ts'`)
  return script
}

const newer = nodeWithSqlite(process.cwd())

/** Where `nfo` runs, and what there is to read SQLite. */
export const RUNTIMES: Record<string, { start: string[]; missing?: string }> = {
  'node, sql.js': { start: starters.node },
  'node:sqlite': { start: [newer.path ?? ''], missing: newer.missing },
  deno: { start: starters.denoWithAll, missing: starters.deno[0] ? undefined : 'deno is not installed' },
  bun: { start: starters.bun, missing: starters.bun[0] ? undefined : 'bun is not installed' }
}

export interface Surroundings {
  on?: string
  env?: Record<string, string>
  /** sql.js is looked for here. */
  cwd?: string
}

type Running = ChildProcessByStdio<null, Readable, Readable>

const UNTOUCHED = { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C.UTF-8' }

/** Starts `nfo`, in UTC; nothing of the terminal around the tests reaches it. */
export async function startNfo(
  args: string[],
  { on = 'node, sql.js', env = {}, cwd }: Surroundings = {}
): Promise<Running> {
  const [program, ...flags] = [...RUNTIMES[on].start, await nfoScript(), ...args]
  return spawn(program, flags, { cwd, env: { ...UNTOUCHED, TZ: 'UTC', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Runs `nfo` to its end. */
export async function nfo(args: string[], surroundings: Surroundings = {}): Promise<Ending> {
  const child = await startNfo(args, surroundings)
  const seen = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => void (seen.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => void (seen.stderr += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...seen })
    })
  })
}

/** What it printed; it has to end well and say nothing else. */
export async function printed(args: string[], surroundings: Surroundings = {}): Promise<string> {
  const { code, stdout, stderr } = await nfo(args, surroundings)
  if (code !== 0 || stderr !== '') throw new Error(`nfo ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

export const linesIn = (text: string): string[] => text.split('\n').slice(0, -1)

/** A path in a folder of its own. */
export function fresh(name: string): string {
  const path = join(scratch('folder'), name)
  mkdirSync(dirname(path), { recursive: true })
  return path
}

/** A copy of a file that the Python package wrote, alone in a folder. */
export function fixture(name: string): string {
  const path = fresh(name)
  copyFileSync(join(process.cwd(), 'test/fixtures', name), path)
  return path
}

/** A file of JSON lines with these entries, which are `price(sku: 'a-1', count: 2)` but for what is given. */
export function fileOf(entries: Partial<Entry>[]): string {
  const path = fresh('app.jsonl')
  writeFileSync(path, entries.map((given) => `${toJson(entry(given))}\n`).join(''))
  return path
}

/** A file of so many entries, 250 bytes each. */
export function large(entries: number): string {
  const path = fresh('large.jsonl')
  const file = openSync(path, 'w')
  const thousand = Array.from({ length: 1000 }, (_, sequence) => `${toJson(entry({ sequence }))}\n`).join('')
  for (let written = 0; written < entries; written += 1000) writeSync(file, thousand)
  closeSync(file)
  return path
}

/** What would show that somebody wrote: the names beside the file, and its bytes. */
export function traceOf(path: string): { names: string[]; bytes: string } {
  return { names: readdirSync(dirname(path)).sort(), bytes: readFileSync(path).toString('base64') }
}

/** Whether there is `script`, which runs a command on a terminal. */
export const hasTerminal: boolean = `${spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout}`.includes(
  'util-linux'
)

/** Runs `nfo` on a terminal of so many columns: all that the terminal gets. */
export async function onTerminal(args: string[], columns: number, env: Record<string, string> = {}): Promise<string> {
  const words = [process.execPath, await nfoScript(), ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
  const command = `stty cols ${columns} rows 40; exec ${words.join(' ')}`
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...UNTOUCHED, TZ: 'UTC', TERM: 'xterm', ...env },
    stdio
  })
  let seen = ''
  child.stdout.setEncoding('utf8').on('data', (text) => void (seen += text))
  await new Promise((resolve) => child.on('close', resolve))
  return seen.replaceAll('\r\n', '\n')
}
