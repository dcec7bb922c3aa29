import { runtime } from '../runtimes/generic.ts'
import { codeOf, type Files, ifThere } from './_journalFiles.ts'

/** Held by locks of this process, wherever it has loaded this module from. */
const held = (): Set<string> => {
  const place = globalThis as { [key: symbol]: Set<string> | undefined }
  const key = Symbol.for('nfo.locks')
  place[key] ??= new Set()
  return place[key]
}

/**
 * Lets one process at a time write: a file with its number and, where that can be known, its start, as numbers are given
 * again. Throws with the number of the other one. The result lets go.
 */
export function lock(fs: Files, path: string): () => void {
  if (!claim(fs, path)) takeOver(fs, path)
  held().add(path)
  return () => {
    held().delete(path)
    try {
      fs.unlinkSync(path)
    } catch {}
  }
}

/** False when the file is there. */
function claim(fs: Files, path: string): boolean {
  let fd: number
  try {
    fd = fs.openSync(path, 'wx')
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  const pid = runtime.processes?.pid ?? 0
  try {
    fs.writeSync(fd, new TextEncoder().encode(`${pid} ${startOf(fs, pid)}\n`))
    fs.closeSync(fd)
  } catch (error) {
    fs.closeSync(fd)
    fs.unlinkSync(path)
    throw error
  }
  return true
}

/** One at a time: of two that find a dead holder, the later would delete the lock of the earlier. */
function takeOver(fs: Files, path: string): void {
  refuseIfAlive(fs, path)
  const guard = `${path}ing`
  if (!claim(fs, guard)) {
    const isLeft = ifThere(() => fs.statSync(guard)) && !isAlive(fs, guard)
    if (isLeft) ifThere(() => fs.unlinkSync(guard))
    throw new Error('another process is just opening it; try again')
  }
  try {
    refuseIfAlive(fs, path)
    ifThere(() => fs.unlinkSync(path))
    if (!claim(fs, path)) throw new Error('another process is just opening it; try again')
  } finally {
    fs.unlinkSync(guard)
  }
}

function refuseIfAlive(fs: Files, path: string): void {
  if (!isAlive(fs, path)) return
  const { pid } = holderOf(fs, path)
  const isOwn = pid === runtime.processes?.pid
  const who = isOwn ? 'this process' : pid === 0 ? 'another process' : `process ${pid}`
  const fix = isOwn || canTell() ? '' : ` (if that has ended, delete ${path}, or run Deno with --allow-run)`
  throw new Error(`it is open in ${who}${fix}; one process writes with sql.js, others may read`)
}

interface Holder {
  pid: number
  start: string
}

function holderOf(fs: Files, path: string): Holder {
  const text = ifThere(() => new TextDecoder().decode(fs.readFileSync(path))) ?? ''
  const [pid, start = ''] = text.trim().split(' ')
  return { pid: Number(pid), start }
}

/** Whether the process that made it still runs, as far as that can be known. */
export function isAlive(fs: Files, path: string): boolean {
  const { pid, start } = holderOf(fs, path)
  // Between making the file and writing to it.
  if (pid === 0) return isYoung(fs, path)
  const now = startOf(fs, pid)
  if (start !== '' && now !== '') return start === now
  if (pid === runtime.processes?.pid) return held().has(path)
  return !canTell() || runtime.processes!.isRunning(pid)
}

function isYoung(fs: Files, path: string): boolean {
  const mtime = ifThere(() => fs.statSync(path).mtimeMs)
  return mtime !== undefined && Math.abs(Date.now() - mtime) < 1000
}

/** Deno may forbid to look at processes; the first one, or on Windows the fourth, always runs. */
const canTell = (): boolean => [1, 4].some((pid) => runtime.processes!.isRunning(pid))

/** When a process started, on Linux: in clock ticks since the machine did, and which start of the machine that was. */
function startOf(fs: Files, pid: number): string {
  const read = (path: string): string => new TextDecoder().decode(fs.readFileSync(path))
  try {
    const stat = read(`/proc/${pid}/stat`)
    // The second field is a name, in which there may be spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')')).split(' ')
    // One that has ended, and whose parent has not asked how.
    if (fields[1] === 'Z') return 'ended'
    return `${fields[20]}@${read('/proc/sys/kernel/random/boot_id').trim()}`
  } catch {
    return ''
  }
}
