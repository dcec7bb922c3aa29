import { runtime } from '../../src/runtimes/generic.ts'
import type { FileSystem } from '../../src/runtimes/types.ts'

/** What is in a file, uncompressed; nothing when it is not there. */
export async function contents(path: string): Promise<string> {
  const { existsSync, readFileSync } = await import('node:fs')
  const { gunzipSync } = await import('node:zlib')
  if (!existsSync(path)) return ''
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

export async function put(path: string, text: string): Promise<void> {
  const { mkdirSync, writeFileSync } = await import('node:fs')
  mkdirSync(path.replace(/[^/]*$/, ''), { recursive: true })
  writeFileSync(path, text)
}

/** The names in the folder of a path, in order. */
export async function names(path: string): Promise<string[]> {
  const { existsSync, readdirSync } = await import('node:fs')
  const folder = path.replace(/[^/]*$/, '')
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

/** What was rotated, oldest first, and then the file itself, where that is alone in its folder. */
export async function parts(path: string): Promise<string[]> {
  const folder = path.replace(/[^/]*$/, '')
  const all = (await names(path)).map((name) => folder + name)
  return Promise.all([...all.filter((one) => one !== path), path].map(contents))
}

/** The runtime's files, some of their functions replaced. */
export function filesWith(members: Partial<FileSystem>): FileSystem {
  return { ...(runtime.fs as FileSystem), ...members }
}

/** Runs `task` while `Date.now` gives that time. */
export async function atTime<Result>(time: string | number, task: () => Result): Promise<Awaited<Result>> {
  const { now } = Date
  Date.now = () => new Date(time).getTime()
  try {
    return await task()
  } finally {
    Date.now = now
  }
}

export const coded = (code: string): Error => Object.assign(new Error(`${code}: so it was told`), { code })
