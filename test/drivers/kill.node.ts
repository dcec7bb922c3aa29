import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { skipUnless } from '../_run/runtime.ts'
import { bundle, starters } from '../runtimes/_children.ts'
import { killAtRandom } from './_kill.ts'

const killed = suite('drivers: kill -9 at random moments')
const KILLS = 10
let script: string | undefined
const all = { kills: 0, rows: 0, early: 0 }

/** In several tests, as each of them has ten seconds. */
function survives(runtime: string, driver: SqlDriver['name'], tests: number): void {
  const starter = starters[runtime]
  const test = skipUnless(killed, starter[0] !== '', `no ${runtime}; npm install`)
  for (let part = 1; part <= tests; part++) {
    test(`${driver} on ${runtime}, part ${part} of ${tests}: every acknowledged row is there once`, async () => {
      script ??= await bundle(`import '../drivers/_killChild.ts'`)
      const report = await killAtRandom({ starter, script, driver, kills: KILLS, lanes: 2 })
      assert.is(report.kills, KILLS)
      all.kills += report.kills
      all.rows += report.rows
      all.early += report.early
    })
  }
}

survives('node', 'sql.js', 12)
survives('denoWithAll', 'sql.js', 3)
survives('bun', 'sql.js', 3)
survives('denoWithAll', 'node:sqlite', 1)
survives('bun', 'bun:sqlite', 1)

killed('most of them were writing', () => {
  assert.ok(all.kills > 0)
  assert.ok(all.rows > 5 * all.kills, `${all.rows} rows, ${all.kills} kills`)
  assert.ok(all.early < all.kills / 2, `${all.early} of ${all.kills} came before the first row`)
})

killed.run()
