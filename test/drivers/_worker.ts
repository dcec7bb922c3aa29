// @ts-expect-error the package has no types
import initSqlJs from 'sql.js'
import { type D1Database, d1 } from '../../src/drivers/d1.ts'
import { type DurableObjectStorage, durableObject } from '../../src/drivers/durableObject.ts'
import { sqlJs } from '../../src/drivers/sqlJs.ts'
import type { SqlJsDatabase } from '../../src/drivers/sqlJsLibrary.ts'
import type { DriverOptions, SqlDriver } from '../../src/drivers/types.ts'
import { fromRow } from '../../src/formats/row.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { sinkContract } from '../sinks/_contract.ts'
import { driverContract } from './_contract.ts'
// @ts-expect-error compiled by the runtime
import sqlJsWasm from './sql-wasm.wasm'

type Run = () => Promise<[errors: unknown, passed: number, skipped: number, total: number]>
type Env = Record<string, D1Database> & {
  STORE: { idFromName(name: string): object; get(id: object): { fetch(request: Request): Promise<Response> } }
}
interface Context {
  storage: DurableObjectStorage
}

const { UVU_QUEUE } = globalThis as unknown as { UVU_QUEUE: Run[][] }
let storage: DurableObjectStorage
let newDatabase: () => SqlJsDatabase
let databases: Env
let used = 0

/** A D1 database that nobody has used. */
const unused = (): D1Database => databases[`DB${used++}`]

/** A Durable Object has one database: it is emptied in between. */
function emptied(): DurableObjectStorage {
  const tables = [...storage.sql.exec("SELECT name FROM sqlite_master WHERE type = 'table'").raw()].map(String)
  for (const name of tables.filter((table) => !/^(_cf|sqlite)_/.test(table))) storage.sql.exec(`DROP TABLE ${name}`)
  return storage
}

function bothContracts<Handle extends object>(
  name: string,
  make: () => Handle,
  open: (handle: Handle, options: DriverOptions) => SqlDriver
): void {
  driverContract(name, (options) => open(make(), options))
  sinkContract(`sqlite, ${name}`, async () => {
    const handle = make()
    return {
      sink: sqliteSink(handle),
      async read() {
        // A sink that was given nothing has made no table.
        const driver = open(handle, { part: 'test', prepare: prepareSchema })
        const { columns, rows } = await driver.all('SELECT * FROM logs ORDER BY id')
        return rows.map((row) => fromRow(Object.fromEntries(columns.map((column, at) => [column, row[at]]))))
      }
    }
  })
}

bothContracts('d1', unused, d1)
bothContracts('durable object', emptied, durableObject)
bothContracts('sql.js handle in a Worker', () => newDatabase(), sqlJs)

/** sql.js as a Worker can have it: the module is compiled ahead, and the script wants to know where it is. */
async function loadSqlJs(): Promise<void> {
  Object.assign(globalThis, { location: { href: 'https://worker.example/' } })
  type Done = (instance: WebAssembly.Instance) => void
  const instantiateWasm = (imports: WebAssembly.Imports, done: Done): object => {
    void WebAssembly.instantiate(sqlJsWasm as WebAssembly.Module, imports).then(done)
    return {}
  }
  const { Database } = (await initSqlJs({ instantiateWasm })) as { Database: new () => SqlJsDatabase }
  newDatabase = () => new Database()
}

/** Runs the contracts with its own storage, and D1. */
export class Store {
  readonly context: Context
  readonly env: Env
  constructor(context: Context, env: Env) {
    this.context = context
    this.env = env
  }

  async fetch(): Promise<Response> {
    storage = this.context.storage
    databases = this.env
    await loadSqlJs()
    const results = []
    for (const run of UVU_QUEUE.flat()) results.push(await run())
    return Response.json(results)
  }
}

export const worker = {
  fetch: (request: Request, { STORE }: Env): Promise<Response> => STORE.get(STORE.idFromName('one')).fetch(request)
}
