import type { FileSystem } from '../runtimes/types.ts'
import { codeOf, folderOf } from './_disk.ts'

/** A file that was moved aside. `end` is what follows its own name: `.gz` when it is compressed, `.gz.tmp` while it is. */
export interface RotatedFile {
  name: string
  stamp: string
  end: string
}

/** The rotated files of one path: `app.2026-11-22T22-35-57-140Z.jsonl` beside `app.jsonl`, so that names sort by time. */
export interface RotatedFiles {
  /** All there are, oldest first. Whatever else is in the folder is none of them. */
  list(fs: FileSystem): RotatedFile[]
  /** Creates an empty file with a name behind all others. */
  claim(fs: FileSystem): string
}

const STAMP = /(\d{4}-[01]\d-[0-3]\dT[0-2]\d-[0-5]\d-[0-5]\d-\d{3}Z)/.source

/** A time as the part of a name, UTC. */
export const stampOf = (time: number): string => new Date(time).toISOString().replace(/[:.]/g, '-')

export function rotatedFiles(path: string): RotatedFiles {
  const folder = folderOf(path)
  const dot = path.lastIndexOf('.')
  // A dot that only hides the file begins no extension.
  const stemEnd = dot > folder.length ? dot : path.length
  const stem = `${path.slice(0, stemEnd)}.`
  const extension = path.slice(stemEnd)
  const pattern = new RegExp(`^${literal(stem.slice(folder.length))}${STAMP}${literal(extension)}(|\\.gz|\\.gz\\.tmp)$`)

  function list(fs: FileSystem): RotatedFile[] {
    return fs
      .readdirSync(folder || '.')
      .map((file) => pattern.exec(file))
      .filter((match) => match !== null)
      .map(([file, stamp, end]) => ({ name: folder + file, stamp, end }))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  function claim(fs: FileSystem): string {
    const newest = Date.parse((list(fs).at(-1)?.stamp ?? '').replace(/T(..)-(..)-(..)-/, 'T$1:$2:$3.'))
    // Behind the newest also when the clock was set back, or stood still since.
    const name = stem + stampOf(Math.max(Date.now(), newest + 1 || 0)) + extension
    try {
      fs.closeSync(fs.openSync(name, 'wx'))
      return name
    } catch (error) {
      // Another process was quicker.
      if (codeOf(error) !== 'EEXIST') throw error
      return claim(fs)
    }
  }

  return { list, claim }
}

const literal = (text: string): string => text.replace(/\W/g, '\\$&')
