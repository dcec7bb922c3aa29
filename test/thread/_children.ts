import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import type { ConfigureOptions } from '../../src/configure.ts'
import type { Ledger } from '../../src/core/types.ts'
import { scratch } from '../_run/runtime.ts'
import { type Ending, starters } from '../runtimes/_children.ts'

/** An app with nfo in its bundle, the code of the worker beside it, and a module of sinks. */
export async function bundle(): Promise<string> {
  const folder = scratch('app')
  const of = (file: string) => join(process.cwd(), file)
  await build({
    entryPoints: [
      { in: of('test/thread/_app.ts'), out: 'app' },
      { in: of('test/thread/_sinks.ts'), out: 'sinks' },
      { in: of('src/thread/index.ts'), out: 'nfo-thread' }
    ],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: ['sql.js'],
    ignoreAnnotations: true,
    logLevel: 'silent'
  })
  return folder
}

export interface Request {
  ending: string
  calls?: number
  options?: ConfigureOptions
  /** How the sink of the module ends its worker, and after how many entries. */
  how?: string
  after?: number
  flags?: string[]
}

export interface Answer extends Ending {
  ledgers: (Ledger & { sinks?: Ledger[] })[]
  /** What the module's sink has written: sequence, function, number of arguments, environment, extra, on the main thread. */
  entries: [number, string, number, string, Record<string, unknown>, boolean][]
  ms: number
}

/** Runs the app to its end. */
export function runApp(name: string, folder: string, request: Request): Promise<Answer> {
  const out = scratch('out')
  const {
    how = '',
    after = 5000,
    flags: own = [],
    options = { thread: { module: `${folder}/sinks.mjs` } },
    ...rest
  } = request
  const thread = typeof options.thread === 'object' ? options.thread : {}
  const whole = { ...rest, options: { ...options, thread: { url: `${folder}/nfo-thread.mjs`, ...thread } } }
  const [binary, ...flags] = starters[name === 'deno' ? 'denoWithAll' : name]
  const env = { ...process.env, HOW: how, AFTER: String(after), OUT: out, NO_COLOR: '1' }
  const began = Date.now()
  const child = spawn(binary, [...flags, ...own, `${folder}/app.mjs`, JSON.stringify(whole)], { detached: true, env })
  const seen = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => void (seen.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => void (seen.stderr += text))
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 30_000)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const ledgers = linesOf(seen.stdout)
      const entries = existsSync(out) ? linesOf<Answer['entries'][number]>(readFileSync(out, 'utf8')) : []
      resolve({ code, signal, ...seen, ledgers: ledgers as Ledger[], entries, ms: Date.now() - began })
    })
  })
}

const linesOf = <Line>(text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('[') || line.startsWith('{'))
    .map((line) => JSON.parse(line))
