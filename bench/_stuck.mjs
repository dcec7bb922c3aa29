import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entriesOf } from './_endings.mjs'
import { command, environment, here } from './_runtimes.mjs'
import { recorders } from './contenders/recorders.mjs'

const RECORDS = 5000
const PATIENCE_MS = 5000
const WHOLE_FILES = ['nfo', 'pino', 'pino-sync', 'winston', 'logtape', 'logtape-file', 'tslog']

/** Rows: whether a program goes on when its file takes nothing: a named pipe, open at the other end and never read. */
export async function goesOnWhenStuck({ entry }) {
  const folder = mkdtempSync(join(tmpdir(), 'nfo-stuck-'))
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const reader = await open(path, 'r+')
  const rows = []
  for (const id of WHOLE_FILES) {
    const { name } = recorders.find((recorder) => recorder.id === id)
    const answer = await run({ id, records: RECORDS, path, entries: entriesOf(entry) })
    rows.push([name, answer.includes('goes on') ? 'goes on' : 'stops'])
  }
  await reader.close()
  rmSync(folder, { recursive: true })
  return [['a file that takes nothing', 'the program'], ...rows]
}

function run(request) {
  const [binary, args] = command('node', '_stuck-child.mjs', request)
  const options = { env: environment, cwd: here, timeout: PATIENCE_MS, killSignal: 'SIGKILL' }
  return new Promise((resolve) => execFile(binary, args, options, (_error, stdout) => resolve(stdout)))
}
