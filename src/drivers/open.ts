import { d1, isD1Database } from './d1.ts'
import { durableObject, isDurableObjectStorage } from './durableObject.ts'
import { openFile, openNativeHandle } from './openFile.ts'
import { isSqlJsDatabase, sqlJs } from './sqlJs.ts'
import type { DriverOptions, SqlDriver } from './types.ts'

/**
 * Opens a database: a path, or a handle of the user's (sql.js, node:sqlite, bun:sqlite, D1, a Durable Object's storage, or a
 * driver). A path is opened by the runtime's own SQLite, or by sql.js. Throws when it cannot be opened.
 */
export function openDriver(to: string | object, options: DriverOptions): SqlDriver {
  return typeof to === 'string' ? openFile(to, options) : openHandle(to, options)
}

function openHandle(handle: object, options: DriverOptions): SqlDriver {
  if (isDriver(handle)) {
    options.prepare?.(handle)
    return handle
  }
  // Bindings may be proxies that seem to have every member.
  if (isD1Database(handle)) return d1(handle, options)
  if (isDurableObjectStorage(handle)) return durableObject(handle, options)
  if (isSqlJsDatabase(handle)) return sqlJs(handle, options)
  const native = openNativeHandle(handle, options)
  if (native) return native
  const known = 'a path, or a database of sql.js, node:sqlite, bun:sqlite, D1 or ctx.storage of a Durable Object'
  throw new Error(`[nfo] [${options.part}] cannot open this handle; pass ${known}`)
}

function isDriver(handle: object): handle is SqlDriver {
  const { all, transaction, variables } = handle as SqlDriver
  return typeof all === 'function' && typeof transaction === 'function' && typeof variables === 'number'
}
