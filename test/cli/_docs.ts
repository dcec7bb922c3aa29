import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toJson } from '../../src/formats/json.ts'
import { createLogger } from '../../src/index.ts'
import { scratch } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { nfoScript } from './_nfo.ts'

/** A folder with the files that the manual talks about. */
export async function prepare(): Promise<string> {
  const folder = scratch('manual')
  mkdirSync(folder)
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  for (const ending of ['db', 'jsonl'])
    copyFileSync(`test/fixtures/python-nfo.${ending}`, join(folder, `app.${ending}`))
  writeFileSync(
    join(folder, 'shop.jsonl'),
    shop()
      .map((line) => `${line}\n`)
      .join('')
  )
  const logger = createLogger({ record: { path: join(folder, 'app.nfo'), durability: 'each' }, version: '1.4.2' })
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  const total = logger.wrap((prices: number[]) => prices.reduce((sum, price) => add(sum, price), 0), 'total')
  total([17, 25])
  await logger.close()
  return folder
}

function shop(): string[] {
  const called = { params: ['order'], args: [7], argTypes: ['number'], returnValue: true }
  const checkout = { ...called, functionName: 'checkout', sequence: 1, spanId: 1, parentId: 0, durationMs: 21.4 }
  const price = { sequence: 2, spanId: 2, parentId: 1, timestamp: 1795386957141 }
  return [entry(price), entry(checkout)].map(toJson)
}

/** What a line of a shell prints, both streams together, 100 columns wide. */
export async function shell(line: string, cwd: string): Promise<string> {
  const nfo = `nfo() { '${process.execPath}' '${await nfoScript()}' "$@"; }; ${line}`
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', LC_ALL: 'C.UTF-8', COLUMNS: '100' }
  return new Promise((resolve) => {
    execFile('sh', ['-c', `{ ${nfo}; } 2>&1`], { cwd, env }, (_error, stdout) =>
      resolve(stdout.replaceAll('\r\n', '\n'))
    )
  })
}
