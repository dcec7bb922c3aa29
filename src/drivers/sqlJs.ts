import { handleDriver } from './_local.ts'
import { sqlJsFile } from './sqlJsFile.ts'
import { type SqlJsDatabase, sqlJsLibrary } from './sqlJsLibrary.ts'
import { sqlJsReader } from './sqlJsReader.ts'
import type { DriverOptions, SqlDriver } from './types.ts'

export type { SqlJsDatabase } from './sqlJsLibrary.ts'

export function isSqlJsDatabase(handle: object): handle is SqlJsDatabase {
  const { export: save, prepare, getRowsModified } = handle as Record<string, unknown>
  return [save, prepare, getRowsModified].every((member) => typeof member === 'function')
}

/** SQLite in WebAssembly: a path, or a `Database` of the user's, who then saves it. Throws when the package is missing. */
export function sqlJs(to: string | SqlJsDatabase, options: DriverOptions): SqlDriver {
  if (typeof to !== 'string') return handleDriver('sql.js', sqlJsLibrary(to), options)
  return options.readOnly ? sqlJsReader(to, options) : sqlJsFile(to, options)
}
