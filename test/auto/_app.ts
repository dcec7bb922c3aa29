import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { scratch } from '../_run/runtime.ts'
import { starters } from '../runtimes/_children.ts'

/** Writes files below a new folder. */
export function writeApp(files: Record<string, string>): string {
  const folder = scratch('app')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** The package as its build makes it: entries that share chunks. */
export async function buildPackage(entries: Record<string, string>): Promise<string> {
  const outdir = scratch('package')
  await build({
    entryPoints: entries,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['node:*'],
    ignoreAnnotations: true,
    logLevel: 'silent'
  })
  return outdir
}

/** How a runtime is told to load a module before the app. */
export const preloads: Record<string, (register: string) => string[]> = {
  node: (register) => [process.execPath, '--import', register],
  node24: (register) => [process.env.NFO_NODE ?? '', '--disable-warning=ExperimentalWarning', '--import', register],
  deno: (register) => [...starters.denoWithAll, '--preload', register],
  bun: (register) => [...starters.bun, '--preload', register]
}
