import type { Entry, Sink } from '../core/types.ts'
import { attempt } from '../drivers/_after.ts'
import type { SqlDriver, Statement } from '../drivers/types.ts'
import { COLUMNS, toRow } from '../formats/row.ts'

/** Characters of one value: 900 KB at most in UTF-8, where D1 and Durable Objects take 2 MB (D1 took 1 MB once). */
const MOST = 300_000

/**
 * Statements that insert the entries. Their rows are one JSON text, so a statement binds one value and counts as one query,
 * whatever the number of rows.
 */
function insertions(entries: readonly Entry[]): Statement[] {
  const columns = COLUMNS.map((_, column) => `value->>${column}`)
  const sql = `INSERT INTO logs (${COLUMNS}) SELECT ${columns} FROM json_each(?)`
  const statements: Statement[] = []
  let rows = ''
  const add = (): unknown => rows && statements.push({ sql, values: [`[${rows.slice(1)}]`] })
  for (const entry of entries) {
    const row = JSON.stringify(toRow(entry))
    if (rows.length + row.length > MOST) {
      add()
      rows = ''
    }
    rows += `,${row}`
  }
  add()
  return statements
}

/** Writes entries to the table `logs` of a driver: a batch is one transaction. */
export function rowSink(part: string, driver: SqlDriver): Sink {
  const failed = (error: unknown): never => {
    const { message } = error as Error
    throw new Error(`[nfo] [${part}] cannot write: ${message.replace(/^\[nfo\] \[\w+\] /, '')}`, { cause: error })
  }
  return {
    write: (entries) => attempt(() => driver.transaction(insertions(entries)), failed),
    flush: () => driver.flush?.()
  }
}
