import { contextKept, secretsLeftOut } from './_abilities.mjs'
import { dependencies } from './_dependencies.mjs'
import { lostRecords } from './_endings.mjs'
import { runsOn } from './_hello.mjs'
import { heldByHungEnds } from './_hung.mjs'
import { messageCosts } from './_messages.mjs'
import { table } from './_report.mjs'
import { goesOnWhenStuck } from './_stuck.mjs'
import { consoleSizes } from './size.mjs'
import { run as measureCalls } from './wrap.mjs'

export const title = 'Other libraries, measured'
export const page = 'comparison.md'

const CONTENDERS = ['block', 'pino', 'pino-file', 'logtape', 'tslog', 'winston', 'otel']

/** What docs/comparison.md says of other libraries and can be measured: a table for each claim, on Node. */
export async function run(options) {
  const rows = [
    lostRecords,
    heldByHungEnds,
    goesOnWhenStuck,
    secretsLeftOut,
    contextKept,
    messageCosts,
    runsOn,
    consoleSizes,
    dependencies
  ]
  const blocks = []
  for (const measure of rows) blocks.push(table(await measure(options)))
  const calls = await measureCalls({ ...options, runtime: ['node'], only: CONTENDERS, workload: ['ints', 'object'] })
  return [...blocks, calls.at(-1)]
}
