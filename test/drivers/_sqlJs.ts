import { loadSqlJs, type SqlJsModule } from '../../src/drivers/sqlJsModule.ts'
import type { SqlDriver, Statement, Table } from '../../src/drivers/types.ts'
import { has } from '../_run/runtime.ts'

/** sql.js is loaded as a package by its name, from the folder the tests run in. */
export const canLoad: boolean = has.files
export const REASON = 'no packages by name here'

let loading: Promise<SqlJsModule> | undefined

export function sqlJsModule(): Promise<SqlJsModule> {
  loading ??= loadSqlJs(undefined)
  return loading
}

export const CREATE: Statement = { sql: 'CREATE TABLE IF NOT EXISTS things (value)' }
export const thing = (value: number | string): Statement => ({ sql: 'INSERT INTO things VALUES (?)', values: [value] })
export const prepareThings = (driver: SqlDriver): void => void driver.transaction([CREATE])

/** The values of all things, in their order. */
export async function valuesOf(driver: SqlDriver): Promise<unknown[]> {
  const { rows }: Table = await driver.all('SELECT value FROM things ORDER BY rowid')
  return rows.map(([value]) => value)
}
