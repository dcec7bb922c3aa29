import { type D1Database, d1 } from '../../src/drivers/d1.ts'
import { type DurableObjectStorage, durableObject } from '../../src/drivers/durableObject.ts'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { fromRow } from '../../src/formats/row.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { d1Sink, durableObjectSink } from '../../src/workers/index.ts'
import { type Member, sinkContract } from '../sinks/_contract.ts'

type Run = () => Promise<[errors: unknown, passed: number, skipped: number, total: number]>
type Env = Record<string, D1Database> & {
  STORE: { getByName(name: string): { fetch(request: Request): Promise<Response> } }
}

const { UVU_QUEUE } = globalThis as unknown as { UVU_QUEUE: Run[][] }
let storage: DurableObjectStorage
let databases: Env
let used = 0

async function readFrom(driver: SqlDriver): ReturnType<Member['read']> {
  const { columns, rows } = await driver.all('SELECT * FROM logs ORDER BY id')
  return rows.map((row) => fromRow(Object.fromEntries(columns.map((column, at) => [column, row[at]]))))
}

const how = { part: 'test', prepare: prepareSchema }

sinkContract('d1Sink', async () => {
  const database = databases[`DB${used++}`]
  return { sink: d1Sink(database), read: () => readFrom(d1(database, how)) }
})

sinkContract('durableObjectSink', async () => {
  const sink = durableObjectSink(storage)
  storage.sql.exec('DELETE FROM logs')
  return { sink, read: () => readFrom(durableObject(storage, how)) }
})

/** Runs the contracts with its own storage, and D1. */
export class Store {
  readonly ctx: { storage: DurableObjectStorage }
  readonly env: Env
  constructor(ctx: { storage: DurableObjectStorage }, env: Env) {
    this.ctx = ctx
    this.env = env
  }

  async fetch(): Promise<Response> {
    storage = this.ctx.storage
    databases = this.env
    const results = []
    for (const run of UVU_QUEUE.flat()) results.push(await run())
    return Response.json(results)
  }
}

export const worker = {
  fetch: (request: Request, { STORE }: Env): Promise<Response> => STORE.getByName('one').fetch(request)
}
