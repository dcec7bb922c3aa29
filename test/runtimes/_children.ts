import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { packagedBinary } from '../_run/binaries.mjs'
import { scratch } from '../_run/runtime.ts'

const denoFlags = '--no-config --no-lock --no-remote --no-npm --cached-only --no-prompt'
const deno = [packagedBinary('deno') ?? '', 'run', ...denoFlags.split(' ')]

/** What starts a script on each runtime. */
export const starters: Record<string, string[]> = {
  node: [process.execPath],
  deno: [...deno, '--allow-read', '--allow-write', '--allow-env'],
  denoWithAll: [...deno, '--allow-all'],
  denoWithNothing: deno,
  bun: [packagedBinary('bun') ?? '', 'run', '--no-install']
}

/** Bundles a script for one runtime; its imports start at this folder. */
export async function bundle(contents: string): Promise<string> {
  const outfile = `${scratch('child')}.mjs`
  await build({
    stdin: { contents, resolveDir: join(process.cwd(), 'test/runtimes'), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    ignoreAnnotations: true,
    logLevel: 'silent'
  })
  return outfile
}

export interface Ending {
  code: number | null
  signal: string | null
  stdout: string
  stderr: string
}

/** Runs a command in a process group of its own; `whenReady` hears of the first output. */
export function run(command: string[], whenReady?: (pid: number) => void): Promise<Ending> {
  const child = spawn(command[0], command.slice(1), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const seen = { stdout: '', stderr: '' }
  child.stdout.once('data', () => whenReady?.(child.pid!))
  child.stdout.setEncoding('utf8').on('data', (text) => void (seen.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => void (seen.stderr += text))
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 8000)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...seen })
    })
  })
}

/** The lines of a file that a child may have written. */
export function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}
