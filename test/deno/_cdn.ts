import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { packagedBinary } from '../_run/binaries.mjs'
import { scratch } from '../_run/runtime.ts'

export const deno: string = packagedBinary('deno') ?? ''
export const isReady: boolean = deno !== '' && existsSync('dist/denoKv.js')
export const NOT_READY = 'no deno or no build; npm install, npm run build'

const FLAGS = '--no-lock --no-npm --quiet'

export interface Cdn {
  /** `http://localhost:PORT` */
  address: string
  /** Runs `deno COMMAND`, with imports from this server only; a permission more is a flag. */
  deno(command: string, rest: string[], how?: { binary?: string; env?: Record<string, string> }): Promise<Said>
  close(): void
}

export interface Said {
  code: number
  stdout: string
  stderr: string
}

/** Serves `dist` as a CDN does that has the package: as it was built, with no npm. */
export async function openCdn(): Promise<Cdn> {
  const server = createServer(({ url = '' }, response) => {
    const path = url.slice(1)
    if (!path.startsWith('dist/') || !existsSync(path)) return response.writeHead(404).end()
    const type = path.endsWith('.d.ts') ? 'application/typescript' : 'text/javascript'
    return response.writeHead(200, { 'content-type': type }).end(readFileSync(path))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const DENO_DIR = scratch('deno-dir')
  return {
    address: `http://${host}`,
    deno(command, rest, { binary = deno, env = {} } = {}) {
      const flags = [...FLAGS.split(' '), `--allow-import=${host}`, ...(command === 'run' ? ['--no-prompt'] : [])]
      return execute([binary, command, ...flags, ...rest], { DENO_DIR, ...env })
    },
    close: () => server.close()
  }
}

export function execute([program, ...rest]: string[], env: Record<string, string> = {}): Promise<Said> {
  const options = { timeout: 60_000, env: { ...process.env, ...env } }
  return new Promise((resolve) => {
    execFile(program, rest, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr })
    })
  })
}

/** A new file with that text, and `nfo` in it as the address on the server. */
export function script(text: string, { address }: Cdn): string {
  const path = `${scratch('script')}.ts`
  writeFileSync(path, text.replaceAll("'nfo'", `'${address}/dist/index.js'`))
  return path
}

/** The import map of the examples, for this server. */
export function exampleConfig({ address }: Cdn): string {
  const path = `${scratch('deno')}.json`
  const text = readFileSync('examples/deno/deno.json', 'utf8')
  writeFileSync(path, text.replaceAll(/https:[^"]*?(?=\/dist\/)/g, address))
  return path
}
