/** The commands: record any program, ask, export. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'nfo-commands-'))

function nfo(...args) {
  console.log(`$ nfo ${args.join(' ')}`)
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' })
  process.stdout.write(stdout + stderr)
  return status
}

nfo('run', '--', 'echo', 'hello')
console.log('ended with', nfo('run', '--', 'sh', '-c', 'echo no paper >&2; exit 3'))
nfo('query', 'nfo.db', '--errors')
nfo('sql', 'nfo.db', 'SELECT function_name, level, count(*) AS runs FROM logs GROUP BY 1, 2')
nfo('export', 'nfo.db', 'runs.csv')
nfo('stats', 'runs.csv')
rmSync(folder, { recursive: true })
