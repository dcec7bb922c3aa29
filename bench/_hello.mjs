import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { chromium } from '../test/_run/binaries.mjs'
import { servePage } from '../test/_run/page.mjs'
import { environment, here, runtimes } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { hello } from './contenders/hello.mjs'

const run = promisify(execFile)
const COMPATIBILITY_DATE = '2026-04-01'
const CHROMIUM = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run']

/** Rows: on which runtimes the smallest program of each library does what it should. */
export async function runsOn({ entry }) {
  const places = {
    ...Object.fromEntries(Object.keys(runtimes).map((name) => [name, onServer(name)])),
    workerd,
    browser
  }
  const rows = []
  for (const library of Object.keys(hello)) {
    const cells = []
    for (const place of Object.values(places)) cells.push(await attempt(() => place(library, entry)))
    rows.push([library, ...cells])
  }
  return [['says hello on', ...Object.keys(places)], ...rows]
}

async function attempt(place) {
  try {
    return await place()
  } catch (error) {
    return `no: ${reason(error)}`
  }
}

const reason = ({ errors, stderr, message }) =>
  (errors?.[0]?.text ?? stderr?.match(/\w*Error: .*/)?.[0] ?? message).split('\n')[0].replaceAll('|', '/').slice(0, 80)

function expectHello(text) {
  if (!text.includes('hello')) throw new Error(`said ${text.slice(0, 60)}`)
  return 'yes'
}

/** Beside the contenders, so that their names resolve, as in any project. */
function onServer(name) {
  return async (library, entry) => {
    const { binary, flags, all = flags } = runtimes[name]
    if (!binary) throw new Error('not installed')
    const folder = mkdtempSync(join(here, '.hello-'))
    const file = join(folder, 'main.mjs')
    writeFileSync(file, `${sourceOf(library, name, entry)}\nconsole.log(await hello())`)
    try {
      const { stdout } = await run(binary, [...all, file], { env: environment, timeout: 30_000, cwd: here })
      return expectHello(stdout)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function sourceOf(library, condition, entry) {
  const nfo = fileURLToPath(entryFor(condition, entry))
  return hello[library]({ nfo, bundled: ['workerd', 'browser'].includes(condition) })
}

/** Without a flag first, then with Node's modules. */
async function workerd(library, entry) {
  try {
    return await inWorker(library, entry, [])
  } catch {
    await inWorker(library, entry, ['nodejs_compat'])
    return 'with nodejs_compat'
  }
}

async function inWorker(library, entry, flags) {
  const { Miniflare } = await import('miniflare')
  const source = `${sourceOf(library, 'workerd', entry)}
    export default { fetch: async () => new Response(await hello()) }`
  const contents = await bundle(source, ['workerd', 'worker', 'browser'], flags.length > 0)
  const worker = new Miniflare({
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: flags,
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents }],
    log: undefined,
    handleRuntimeStdio() {}
  })
  try {
    const response = await worker.dispatchFetch('http://localhost/')
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return expectHello(text)
  } finally {
    await worker.dispose()
  }
}

async function browser(library, entry) {
  const program = chromium()
  if (!program) throw new Error('Chromium is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'nfo-hello-'))
  const file = join(folder, 'page.mjs')
  const report = `const line = await hello().then((text) => ({ text }), (error) => ({ crash: String(error) }))
    await fetch('/line', { method: 'POST', body: JSON.stringify(line) })`
  writeFileSync(file, await bundle(`${sourceOf(library, 'browser', entry)}\n${report}`, ['browser'], false))
  const page = await servePage(file)
  const args = [...CHROMIUM, `--user-data-dir=${join(folder, 'profile')}`, page.address]
  const child = spawn(program, args, { stdio: 'ignore', detached: true, env: { ...process.env, HOME: folder } })
  try {
    const { text, crash } = await answerOf(page)
    if (crash) throw new Error(crash.split('\n')[0])
    return expectHello(text)
  } finally {
    process.kill(-child.pid, 'SIGKILL')
    page.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function answerOf(page) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), 30_000)
    page.listen((line) => {
      clearTimeout(timer)
      resolve(line)
    })
  })
}

async function bundle(contents, conditions, withNode) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions,
    logLevel: 'silent',
    plugins: withNode ? [nodeModules] : []
  })
  return outputFiles[0].text
}

/** What Wrangler does for nodejs_compat: a `require` of Node's own module becomes an import. */
const nodeModules = {
  name: 'node-modules',
  setup({ onResolve, onLoad }) {
    const names = new RegExp(`^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`)
    onResolve({ filter: names }, ({ path, kind, namespace }) => {
      const name = path.replace(/^(node:)?/, 'node:')
      if (kind !== 'require-call' || namespace === 'required') return { path: name, external: true }
      return { path: name, namespace: 'required' }
    })
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `import own from '${path}'\nmodule.exports = own`
    }))
  }
}
