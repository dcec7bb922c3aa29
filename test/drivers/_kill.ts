import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { scratch } from '../_run/runtime.ts'
import { sqlJsModule } from './_sqlJs.ts'

export interface KillPlan {
  /** What starts a script on a runtime. */
  starter: string[]
  /** A bundle of `_killChild.ts`. */
  script: string
  driver: SqlDriver['name']
  kills: number
  /** How many children at a time, each on a database of its own. */
  lanes: number
}

export interface KillReport {
  kills: number
  /** Rows that were acknowledged, over all databases. */
  rows: number
  /** Kills that found no database file, only a journal; and those that came before the first row. */
  journalOnly: number
  early: number
}

interface Left {
  /** What a child found when it began. */
  found?: [verdict: string, rows: number, numbers: number, last: number]
  /** The last number it was told is written. */
  acknowledged: number
  stderr: string
}

const ROUNDS_PER_FILE = 12

/** Kills writers at random moments; after each kill the next one has to find every acknowledged row, once. */
export async function killAtRandom(plan: KillPlan): Promise<KillReport> {
  const report: KillReport = { kills: 0, rows: 0, journalOnly: 0, early: 0 }
  const lane = async (): Promise<void> => {
    while (report.kills < plan.kills) await oneFile(plan, report)
  }
  await Promise.all(Array.from({ length: plan.lanes }, lane))
  return report
}

async function oneFile(plan: KillPlan, report: KillReport): Promise<void> {
  const path = scratch('killed.db')
  let acknowledged = 0
  for (let round = 0; round < ROUNDS_PER_FILE && report.kills < plan.kills; round++) {
    report.kills++
    const left = await runAndKill(plan, path)
    if (left.found) checkFound(left, acknowledged)
    if (left.acknowledged === 0) report.early++
    report.rows += Math.max(0, left.acknowledged - acknowledged)
    acknowledged = Math.max(left.acknowledged, left.found?.[3] ?? 0, acknowledged)
    if (!existsSync(path)) report.journalOnly += existsSync(`${path}-nfo`) ? 1 : 0
    else if (plan.driver === 'sql.js') await checkImage(path)
  }
  const left = await start(plan, path, ['look']).left
  assert.ok(left.found, left.stderr)
  checkFound(left, acknowledged)
}

function checkFound({ found, stderr }: Left, acknowledged: number): void {
  const [verdict, rows, numbers, last] = found!
  assert.is(verdict, 'ok')
  assert.is(rows, numbers, 'a row is there twice')
  assert.is(rows, last, 'a row is missing')
  assert.ok(last >= acknowledged, `${acknowledged} rows were acknowledged, ${last} are there`)
  assert.is(stderr, '')
}

/** The file alone, as another program would open it. */
async function checkImage(path: string): Promise<void> {
  const copy = scratch('image.db')
  copyFileSync(path, copy)
  const { Database } = await sqlJsModule()
  const database = new Database(readFileSync(copy))
  const statement = database.prepare('PRAGMA integrity_check')
  statement.step()
  assert.equal(statement.get(), ['ok'])
  statement.free()
  database.close()
}

/** After its first row, or anywhere in its start. */
async function runAndKill(plan: KillPlan, path: string): Promise<Left> {
  const child = start(plan, path, [])
  if (Math.random() < 0.85) await child.isWriting
  setTimeout(child.kill, Math.random() ** 2 * 150)
  return child.left
}

function start({ starter, script, driver }: KillPlan, path: string, args: string[]) {
  const [program, ...flags] = starter
  const child = spawn(program, [...flags, script, path, driver, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = (): boolean => child.kill('SIGKILL')
  const tooLong = setTimeout(kill, 20_000)
  const seen = { stdout: '', stderr: '' }
  const isWriting = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      seen.stdout += text
      if (seen.stdout.split('\n').length > 2) resolve()
    })
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.stderr += text
  })
  const left = new Promise<Left>((resolve) =>
    child.on('close', () => {
      clearTimeout(tooLong)
      // The last line may be torn.
      const [found, ...written] = seen.stdout.split('\n').slice(0, -1)
      const acknowledged = Number(written.at(-1) ?? 0)
      resolve({ found: found && JSON.parse(found), acknowledged, stderr: seen.stderr })
    })
  )
  return { kill, isWriting, left }
}
