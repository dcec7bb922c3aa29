import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { here, root } from './_runtimes.mjs'

/** The contenders come from this folder's own lock file, on first use. */
export function installContenders() {
  if (existsSync(join(here, 'node_modules'))) return
  console.log('installing the contenders …')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: 'inherit',
    shell: process.platform === 'win32'
  })
}

/** Builds nfo when there is no build, or one older than its sources: figures of an old build mislead. */
export function buildPackage() {
  const built = join(root, 'dist', 'index.js')
  if (existsSync(built) && statSync(built).mtimeMs >= newest(join(root, 'src'))) return
  console.log('building nfo …')
  execFileSync(process.execPath, ['build.mjs'], { cwd: root, stdio: 'inherit' })
}

function newest(folder) {
  const times = readdirSync(folder, { withFileTypes: true }).map((item) => {
    const path = join(folder, item.name)
    return item.isDirectory() ? newest(path) : statSync(path).mtimeMs
  })
  return Math.max(0, ...times)
}

/** The file that `import 'nfo'`, or a subpath, gets under a condition of `exports`; `--entry FILE` overrides it. */
export function entryFor(condition, override, subpath = '.') {
  if (override) return pathToFileURL(resolve(override)).href
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const target = exports[subpath][condition] ?? exports[subpath].default
  return pathToFileURL(join(root, target)).href
}
