import type { FileSystem } from '../runtimes/types.ts'

const STAMP = /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z/.source

/**
 * The rotated files of a path, oldest first: `app.2026-11-22T22-35-57-140Z.jsonl` beside `app.jsonl`, compressed or not. Where
 * both are there the compressed one is complete and the other about to go.
 */
export function rotatedOf(fs: FileSystem, path: string): string[] {
  const folder = path.replace(/[^\\/]*$/, '')
  const name = path.slice(folder.length)
  const dot = name.lastIndexOf('.')
  const stemEnd = dot > 0 ? dot : name.length
  const pattern = new RegExp(
    `^${literal(`${name.slice(0, stemEnd)}.`)}${STAMP}${literal(name.slice(stemEnd))}(?:\\.gz)?$`
  )
  const names = new Set(fs.readdirSync(folder || '.').filter((other) => pattern.test(other)))
  return [...names]
    .filter((other) => other.endsWith('.gz') || !names.has(`${other}.gz`))
    .sort()
    .map((other) => folder + other)
}

const literal = (text: string): string => text.replace(/\W/g, '\\$&')

/** The result, or undefined when there is no such file. */
export function ifThere<Result>(use: () => Result): Result | undefined {
  try {
    return use()
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

/** Opens a file that may have been compressed since its name was read; undefined when it is gone. */
export function openRotated(fs: FileSystem, path: string): number | undefined {
  return ifThere(() => fs.openSync(path, 'r')) ?? ifThere(() => fs.openSync(`${path}.gz`, 'r'))
}
