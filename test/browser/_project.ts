import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { scratch } from '../_run/runtime.ts'
import type { Site } from './_site.ts'

/** A folder with the fixtures, in which the package is installed as npm would. */
export function makeProject(): string {
  const project = scratch('project')
  const installed = join(project, 'node_modules/nfo')
  cpSync('test/browser/fixtures', project, { recursive: true })
  mkdirSync(installed, { recursive: true })
  cpSync('package.json', join(installed, 'package.json'))
  cpSync('dist', join(installed, 'dist'), { recursive: true })
  if (!existsSync(join(installed, 'dist/browser/browser.js'))) throw new Error('dist is not built; npm run build')
  symlinkSync(join(process.cwd(), 'node_modules/sql.js'), join(project, 'node_modules/sql.js'), 'dir')
  return project
}

/** Puts all files of a folder on the site, under a path. */
export function publish(site: Site, folder: string, path: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  for (const file of files) {
    const full = join(file.parentPath ?? file.path, file.name)
    site.files.set(`${path}/${relative(folder, full)}`, readFileSync(full))
  }
  for (const name of ['sql-wasm.wasm', 'sql-wasm-browser.wasm']) {
    site.files.set(`/${name}`, readFileSync(join('node_modules/sql.js/dist', name)))
  }
}
