import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from './_runtimes.mjs'

const run = promisify(execFile)
const CALLS = 'write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate'
/** What a disk or a card writes at least. */
export const PAGE = 4096
// A page that was written waits so long for the disk unless somebody syncs: Linux's dirty_expire_centisecs.
const WRITE_BACK_S = 30

/** Runs a command under strace and counts what it asks of the files in its folder. */
export async function trace(commandIn) {
  const folder = mkdtempSync(join(tmpdir(), 'nfo-budget-'))
  const log = join(folder, 'trace')
  try {
    const [binary, args] = commandIn(folder)
    const strace = ['-f', '-y', '-s', '0', '-o', log, '-e', `trace=${CALLS}`, binary, ...args]
    const { stdout } = await run('strace', strace, { env: environment, timeout: 300_000, maxBuffer: 2 ** 26 })
    return { ...count(readFileSync(log, 'utf8'), folder), answer: JSON.parse(stdout.trim().split('\n').at(-1)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `12 pwrite64(7</tmp/x/app.db>, ""..., 4096, 8192) = 4096` */
const CALL = /^\d+ +(\w+)\(\d+<([^>]*)>(?:, (.*))?\) += (-?\d+)/

function count(log, folder) {
  const totals = { bytes: 0, writes: 0, syncs: 0, pages: 0 }
  const ends = new Map()
  const dirty = new Map()
  let seconds = 0

  function writeBack(path) {
    totals.pages += dirty.get(path)?.size ?? 0
    dirty.delete(path)
  }

  function written(path, offset, length) {
    totals.bytes += length
    totals.writes++
    const pages = dirty.get(path) ?? new Set()
    for (let page = Math.floor(offset / PAGE); page * PAGE < offset + length; page++) pages.add(page)
    dirty.set(path, pages)
  }

  for (const line of log.split('\n')) {
    const [, name, path = '', rest = '', result] = CALL.exec(line) ?? []
    if (!path.startsWith(folder) || Number(result) < 0) continue
    if (path.endsWith('/clock')) {
      seconds++
      if (seconds % WRITE_BACK_S === 1) for (const each of [...dirty.keys()]) writeBack(each)
    } else if (name.endsWith('sync')) {
      totals.syncs++
      writeBack(path)
    } else if (name.startsWith('pwrite')) {
      written(path, Number(rest.split(', ').at(-1)), Number(result))
    } else if (name.startsWith('write')) {
      const end = ends.get(path) ?? 0
      written(path, end, Number(result))
      ends.set(path, end + Number(result))
    }
  }
  for (const path of [...dirty.keys()]) writeBack(path)
  return { ...totals, seconds }
}
