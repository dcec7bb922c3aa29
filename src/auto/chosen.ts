import { globs } from './globs.ts'

/** What a file has to be called to be read. */
const READABLE = /\.[cm]?[jt]s$/

/** A file's name in records, or undefined for one that is not meant. */
export type ModuleOf = (path: string) => string | undefined

/** Which files are meant by patterns that start at a folder; never those in the folder `own`. */
export function chosenFiles(patterns: string | readonly string[], folder: string, own?: string): ModuleOf {
  const matches = globs(patterns)
  const root = slashed(folder).replace(/\/*$/, '/')
  return (path) => {
    const file = slashed(path)
    if (!READABLE.test(file) || /\.d\.[cm]?ts$/.test(file) || (own && file.startsWith(own))) return undefined
    const name = relative(root, file)
    return matches(name) ? name.replace(READABLE, '') : undefined
  }
}

const slashed = (path: string): string => path.replaceAll('\\', '/')

/** The path from the folder; of a package outside of it, which may be linked from anywhere, the path from its place. */
function relative(root: string, file: string): string {
  if (file.startsWith(root)) return file.slice(root.length)
  const packages = file.indexOf('/node_modules/')
  if (packages >= 0) return file.slice(packages + 1)
  const [from, to] = [root.split('/').slice(0, -1), file.split('/')]
  const parts = from.findIndex((part, index) => part !== to[index])
  const shared = parts < 0 ? from.length : parts
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/')
}

/** nfo's folder, which must not record itself, by the address of a file right in it: `dist`, `dist/node` or `src`. */
export function ownFolder(url: string): string {
  const folder = pathOf(new URL('.', url).href) ?? url
  return folder.replace(/\/(node|deno|bun)\/$/, '/')
}

/** The path of a `file:` address without its query; undefined for other addresses. */
export function pathOf(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined
  const path = decodeURIComponent(new URL(url).pathname)
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path
}
