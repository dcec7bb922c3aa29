import type { FileStats } from '../runtimes/types.ts'
import { type Files, folderOf, ifThere, readAll, syncFolder, writeAll } from './_journalFiles.ts'

/** A database file as it was at one moment. */
export interface Image {
  /** Undefined when there is no file, or an empty one. */
  readonly bytes: Uint8Array | undefined
  /** Tells whether the file at the path is still that one. */
  readonly stamp: string
}

const stampOf = ({ ino, size, mtimeMs }: FileStats): string => `${ino} ${size} ${mtimeMs}`

/** The stamp of what is at the path now; '' when nothing is. */
export function stampAt(fs: Files, path: string): string {
  const stat = ifThere(() => fs.statSync(path))
  return stat ? stampOf(stat) : ''
}

const FILE_TYPE = 0o170000
const FOLDER = 0o040000

/** Where the file really is, so that a link stays a link and the app may change its folder; makes the folder. */
export function locate(fs: Files, path: string, mayCreate: boolean): string {
  const mode = ifThere(() => fs.statSync(path).mode) ?? 0
  if ((mode & FILE_TYPE) === FOLDER || /[\\/]$/.test(path)) throw new Error('it is a folder; name a file in it')
  const folder = folderOf(path)
  if (mayCreate && ifThere(() => fs.statSync(folder)) === undefined) fs.mkdirSync(folder, { recursive: true })
  try {
    const name = path.slice(path.search(/[^\\/]*$/))
    return ifThere(() => fs.realpathSync(path)) ?? fs.realpathSync(folder).replace(/[\\/]?$/, '/') + name
  } catch {
    // Deno may forbid to look at a folder above.
    return path
  }
}

/** Reads the database file. Throws when it is none, or has lost a part. */
export function readImage(fs: Files, path: string): Image {
  const fd = ifThere(() => fs.openSync(path, 'r'))
  if (fd === undefined) return { bytes: undefined, stamp: '' }
  try {
    const stat = fs.fstatSync(fd)
    if (stat.size === 0) return { bytes: undefined, stamp: stampOf(stat) }
    return { bytes: checked(readAll(fs, fd, stat.size)), stamp: stampOf(stat) }
  } finally {
    fs.closeSync(fd)
  }
}

const MAGIC = 'SQLite format 3\0'
const WAL = 2

function checked(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  if (bytes.length < 100 || new TextDecoder().decode(bytes.subarray(0, 16)) !== MAGIC) {
    throw new Error('it is no SQLite database; it is left as it is, choose another path')
  }
  const view = new DataView(bytes.buffer)
  const page = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16)
  const isCounted = view.getUint32(24) === view.getUint32(92)
  if (isCounted && view.getUint32(28) * page > bytes.length) throw new Error(damaged('its end is missing'))
  // sql.js has no shared memory for a write-ahead log; see `hotJournal` for what may be in one.
  if (bytes[18] === WAL) bytes[18] = bytes[19] = 1
  return bytes
}

export const damaged = (how: string): string =>
  `it is damaged (${how}) and left as it is; restore a copy, or try: sqlite3 FILE .recover`

/** The file beside it in which SQLite keeps what sql.js cannot see, if there is any. */
export function hotJournal(fs: Files, path: string): string | undefined {
  return ['-wal', '-journal'].map((end) => path + end).find((journal) => isHot(fs, journal))
}

/** SQLite leaves a journal of zeros, or an empty one, when it is done with it. */
function isHot(fs: Files, path: string): boolean {
  const fd = ifThere(() => fs.openSync(path, 'r'))
  if (fd === undefined) return false
  const first = new Uint8Array(1)
  try {
    fs.readSync(fd, first, 0, 1, 0)
  } finally {
    fs.closeSync(fd)
  }
  return first[0] !== 0
}

/**
 * Puts an image in the place of the file, which is either the old one or the new one whatever happens. False, and nothing
 * is changed, when the file is no longer the one of that stamp; else the new stamp.
 */
export function replaceImage(fs: Files, path: string, bytes: Uint8Array, stamp: string): string | false {
  const temporary = `${path}-nfo.tmp`
  const mode = ifThere(() => fs.statSync(path).mode)
  const fd = fs.openSync(temporary, 'w')
  try {
    try {
      if (mode !== undefined) fs.chmodSync(temporary, mode & 0o777)
      writeAll(fs, fd, bytes, 0)
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
    const written = stampAt(fs, temporary)
    if (stampAt(fs, path) !== stamp || hotJournal(fs, path)) {
      fs.unlinkSync(temporary)
      return false
    }
    fs.renameSync(temporary, path)
    syncFolder(fs, path)
    return written
  } catch (error) {
    ifThere(() => fs.unlinkSync(temporary))
    throw error
  }
}
