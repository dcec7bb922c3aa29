import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { collect } from './_collector.mjs'
import { entriesOf } from './_endings.mjs'
import { context } from './contenders/context.mjs'
import { recorders } from './contenders/recorders.mjs'

const FLOWS = 200
const TOKEN = `ghp_${'a1B2'.repeat(9)}`
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'

/** What must not be readable, and where it was: two of them show by their names, two only by their shapes. */
const SECRETS = {
  password: { password: 'hunter2-hunter2' },
  apiKey: { apiKey: 'k-77-k-77' },
  'JWT in a text': { note: `Authorization: Bearer ${JWT}` },
  'token in a text': { reply: `cloning with ${TOKEN} failed` }
}
const VALUES = ['hunter2-hunter2', 'k-77-k-77', JWT, TOKEN]

/** Rows: which secrets each library leaves out without being told. */
export async function secretsLeftOut({ entry }) {
  const rows = []
  for (const id of ['nfo', 'pino', 'winston', 'logtape-file', 'tslog', 'otel']) {
    const recorder = recorders.find((candidate) => candidate.id === id)
    const text = await written(recorder, entriesOf(entry))
    if (!text.includes('ann')) throw new Error(`[nfo] [bench] ${recorder.name} wrote nothing`)
    rows.push([recorder.name, ...VALUES.map((value) => (text.includes(value) ? 'written' : 'left out'))])
  }
  return [['without settings', ...Object.keys(SECRETS)], ...rows]
}

async function written({ open, count }, entries) {
  const folder = mkdtempSync(join(tmpdir(), 'nfo-secrets-'))
  const path = join(folder, 'records')
  const collector = await collect()
  const { log, end } = await open({ path, entries, port: collector.port })
  log(Object.assign({ user: 'ann' }, ...Object.values(SECRETS)))
  await end()
  const spans = await collector.close()
  const text = count ? readFileSync(path, 'utf8') : JSON.stringify(spans)
  rmSync(folder, { recursive: true })
  return text
}

/** Rows: of 200 interleaved flows, how many find their own id behind awaits. */
export async function contextKept({ entry }) {
  const rows = []
  for (const [name, open] of Object.entries(context)) {
    const { run, log, ids } = await open({ entry: entriesOf(entry).nfo })
    const flow = (id) =>
      run(id, async () => {
        await sleep(id % 7)
        await null
        log(`flow ${id}`)
      })
    await Promise.all(Array.from({ length: FLOWS }, (_, id) => flow(id)))
    const right = (await ids()).filter(([text, id]) => text === `flow ${id}`)
    rows.push([name, `${right.length} of ${FLOWS}`])
  }
  return [['context behind awaits', 'right'], ...rows]
}
