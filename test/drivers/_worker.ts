import { type DurableObjectStorage, durableObject } from '../../src/drivers/durableObject.ts'
import { fromRow, type Row } from '../../src/formats/row.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { sinkContract } from '../sinks/_contract.ts'
import { driverContract } from './_contract.ts'

type Run = () => Promise<[errors: unknown, passed: number, skipped: number, total: number]>
interface Context {
  storage: DurableObjectStorage
}

const { UVU_QUEUE } = globalThis as unknown as { UVU_QUEUE: Run[][] }
let storage: DurableObjectStorage

/** A Durable Object has one database: it is emptied in between. */
function emptied(): DurableObjectStorage {
  const tables = [...storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").raw()].map(String)
  for (const name of tables.filter((table) => !/^(_cf|sqlite)_/.test(table))) storage.sql.exec(`DROP TABLE ${name}`)
  return storage
}

driverContract('durable object', (options) => durableObject(emptied(), options))
sinkContract('sqlite, durable object', async () => {
  const own = emptied()
  return {
    sink: sqliteSink(own),
    async read() {
      // A sink that was given nothing has made no table.
      durableObject(own, { part: 'test', prepare: prepareSchema })
      const cursor = own.sql.exec('SELECT * FROM logs ORDER BY id') as unknown as Iterable<Row>
      return [...cursor].map(fromRow)
    }
  }
})

/** Runs the contracts in its own storage. */
export class Store {
  readonly context: Context
  constructor(context: Context) {
    this.context = context
  }

  async fetch(): Promise<Response> {
    storage = this.context.storage
    const results = []
    for (const run of UVU_QUEUE.flat()) results.push(await run())
    return Response.json(results)
  }
}

interface Env {
  STORE: { idFromName(name: string): object; get(id: object): { fetch(request: Request): Promise<Response> } }
}

export default {
  fetch: (request: Request, { STORE }: Env): Promise<Response> => STORE.get(STORE.idFromName('one')).fetch(request)
}

