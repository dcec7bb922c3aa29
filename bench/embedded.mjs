import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emulatedPi } from '../test/_run/binaries.mjs'
import { table } from './_report.mjs'
import { here, root } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'

export const title = 'A small board'
export const page = 'raspberry-pi.md'

const HEAP_MB = 32

/** A million calls on an emulated ARMv7, with the preset `embedded` and a record file. */
export async function run({ quick, entry }) {
  const { command, missing } = emulatedPi(root)
  if (!command) return [`${missing}: nothing was measured.`]
  const rows = [['', 'calls', 'wrapped over two clock reads', 'heap, least to most', 'bytes written', 'files']]
  for (const [name, failEvery] of [
    ['nothing fails', 0],
    ['one call in 10,000 fails', 10_000]
  ]) {
    const folder = mkdtempSync(join(tmpdir(), 'nfo-bench-'))
    const request = {
      folder,
      failEvery,
      calls: quick ? 50_000 : 1_000_000,
      nfo: entryFor('node', entry),
      embedded: entryFor('node', undefined, './embedded')
    }
    const { calls, ratio, heap, written } = ask(command, request)
    const files = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
    rmSync(folder, { recursive: true })
    const mega = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`
    rows.push([
      name,
      calls.toLocaleString('en'),
      ratio.toFixed(2),
      heap.map(mega).join(' to '),
      mega(written),
      mega(files)
    ])
  }
  return [table(rows)]
}

function ask(command, request) {
  const [emulator, ...flags] = command.filter((flag) => !flag.startsWith('--max-old-space-size'))
  const script = join(here, '_embedded-child.mjs')
  const args = [...flags, `--max-old-space-size=${HEAP_MB}`, '--expose-gc', script, JSON.stringify(request)]
  const { stdout, stderr, status } = spawnSync(emulator, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`[nfo] [bench] the emulated board ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}
