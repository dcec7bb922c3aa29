import { handleDriver } from './_local.ts'
import { type SqlJsDatabase, sqlJsLibrary } from './sqlJsLibrary.ts'
import type { DriverOptions, SqlDriver } from './types.ts'

export function isSqlJsDatabase(handle: object): handle is SqlJsDatabase {
  const { export: save, prepare, getRowsModified } = handle as Record<string, unknown>
  return [save, prepare, getRowsModified].every((member) => typeof member === 'function')
}

/** SQLite in WebAssembly, in a `Database` of the user's, who also saves it. */
export function sqlJs(database: SqlJsDatabase, options: DriverOptions): SqlDriver {
  return handleDriver('sql.js', sqlJsLibrary(database), options)
}
