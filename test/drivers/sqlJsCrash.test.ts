import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDriver } from '../../src/drivers/open.ts'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { skipUnless, slow } from '../_run/runtime.ts'
import { withRuntime } from '../sinks/_runtime.ts'
import { createMemoryDisk, type Ending, type MemoryDisk } from './_journalDisk.ts'
import { canLoad, prepareThings, REASON, sqlJsModule, thing, valuesOf } from './_sqlJs.ts'

const sqlJsCrash = suite('drivers/sql.js, stopped')
const test = skipUnless(sqlJsCrash, canLoad, REASON)

/** What a writer was told: transactions that were taken, and those that are on the disk. */
interface Told {
  taken: number[]
  durable: number[]
  next: number
}

let opened = 0
let timers: (() => void)[] = []

/** Does `work` on a disk; each time under another name, as a driver that was stopped still holds its lock. */
async function on<Result>(disk: MemoryDisk, work: (open: () => SqlDriver) => Promise<Result>): Promise<Result> {
  const sqlJs = await sqlJsModule()
  opened++
  timers = []
  const processes = { pid: opened, isRunning: () => true }
  const later = (task: () => void, ms: number) => {
    if (ms > 900) timers.push(task)
    return () => {}
  }
  const open = () => openDriver('/app.db', { part: 'test', driver: 'sql.js', prepare: prepareThings, sqlJs })
  return withRuntime({ fs: disk.fs, later, processes, print: () => {} }, () => work(open))
}

/** Writes, flushes, saves and closes, twice, until the disk stops; `told` is what it may rely on. */
async function workload(disk: MemoryDisk, told: Told): Promise<void> {
  const write = (driver: SqlDriver) => {
    const value = told.next++
    driver.transaction([thing(value)])
    told.taken.push(value)
  }
  const flushed = (): void => {
    if (!disk.stopped) told.durable = [...told.taken]
  }
  await on(disk, async (open) => {
    for (let round = 0; round < 2; round++) {
      const driver = open()
      write(driver)
      write(driver)
      if (round === 1) {
        driver.flush?.()
        flushed()
      }
      await valuesOf(driver)
      for (const checkpoint of timers.splice(0)) checkpoint()
      write(driver)
      driver.flush?.()
      flushed()
      write(driver)
      driver.flushSync?.()
      flushed()
      write(driver)
      write(driver)
      driver.flushSync?.()
      write(driver)
      await driver.close()
      flushed()
    }
  })
}

const found = (disk: MemoryDisk): Promise<number[]> =>
  on(disk, async (open) => {
    const driver = open()
    const values = (await valuesOf(driver)) as number[]
    const { rows } = await driver.all('PRAGMA integrity_check')
    assert.equal(rows, [['ok']])
    await driver.close()
    return values
  })

async function stoppedAt(step: number): Promise<{ disk: MemoryDisk; told: Told }> {
  const disk = createMemoryDisk()
  const told: Told = { taken: [], durable: [], next: 1 }
  disk.stopAt = step
  await workload(disk, told).catch((error) => {
    if (!disk.stopped) throw error
  })
  return { disk, told }
}

function check(values: number[], must: number[], { next }: Told, at: string): void {
  assert.equal(
    values,
    [...new Set(values)].sort((one, other) => one - other),
    `${at}: twice, or out of order`
  )
  assert.ok(
    must.every((value) => values.includes(value)),
    `${at}: ${must} were promised, ${values} are there`
  )
  assert.ok(
    values.every((value) => value < next),
    `${at}: ${values}`
  )
}

/** The disk as it is left, opened, and opened once more after one more row. */
async function recovers(step: number, ending: Ending, seeds: number[]): Promise<void> {
  const { disk, told } = await stoppedAt(step)
  const must = ending === 'process' ? told.taken : told.durable
  for (const seed of seeds) {
    const at = `step ${step}, ${ending} ${seed}`
    const left = disk.after(ending, seed)
    const values = await found(left)
    check(values, must, told, at)
    const cold = disk.after(ending, seed)
    await on(cold, async (open) => open().transaction([thing(1000)]))
    assert.equal(await found(cold.after('process')), [...values, 1000], `${at}, then cold`)
  }
}

async function steps(): Promise<number> {
  const { disk } = await stoppedAt(0)
  return disk.steps
}

test('at any step of its work, has every transaction it took, once', async () => {
  const last = await steps()
  assert.ok(last > 40, `${last} steps`)
  for (let step = 1; step <= last; step += slow ? 5 : 1) await recovers(step, 'process', [0])
})

const endings: [string, Ending, (step: number) => number[]][] = [
  ['all that was not synced', 'power', () => [0]],
  ['some of it', 'either', (step) => [1 + (step % 7)]],
  ['some more of it', 'either', (step) => [8 + (step % 5)]]
]
for (const [what, ending, seeds] of endings) {
  test(`by a power cut at any step that takes ${what}, has every transaction it flushed, once`, async () => {
    const last = await steps()
    for (let step = 1; step <= last; step += slow ? 9 : 1) await recovers(step, ending, seeds(step))
  })
}

test('while it recovers, at any step of that, has them still', async () => {
  const last = await steps()
  for (let step = 3; step <= last; step += slow ? 20 : 4) {
    const { disk, told } = await stoppedAt(step)
    for (let second = 1; ; second++) {
      const left = disk.after('process')
      left.stopAt = second
      await found(left).catch((error) => {
        if (!left.stopped) throw error
      })
      check(await found(left.after('process')), told.taken, told, `step ${step}, then ${second}`)
      if (!left.stopped) break
    }
  }
})

sqlJsCrash.run()
