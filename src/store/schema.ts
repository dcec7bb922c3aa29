import { after, attempt } from '../drivers/_after.ts'
import type { SqlDriver, Statement } from '../drivers/types.ts'
import { COLUMNS } from '../formats/row.ts'

const TYPES: Readonly<Record<string, string>> = {
  duration_ms: 'REAL',
  span_id: 'INTEGER',
  parent_id: 'INTEGER',
  sequence: 'INTEGER'
}

/**
 * The indices of `logs`. Every one grows at the ends of few key ranges, as rows come in the order of time: a wider one, or one
 * that leads with a duration, would touch pages all over the file with every batch. SQLite appends the id to each, so one
 * level or function is also found newest first without sorting.
 */
const INDICES: Readonly<Record<string, string>> = {
  logs_timestamp: 'logs(timestamp)',
  logs_function_name: 'logs(function_name)',
  logs_level: 'logs(level)',
  logs_trace_id: 'logs(trace_id) WHERE trace_id IS NOT NULL'
}

const declared = COLUMNS.map((column) => `${column} ${TYPES[column] ?? 'TEXT'}`)

/** The table with the Python package's columns in its order, then nfo's own. */
export const CREATE_LOGS: string = `CREATE TABLE IF NOT EXISTS logs (id INTEGER PRIMARY KEY AUTOINCREMENT, ${declared.join(', ')})`

const FOUND = `SELECT lower(name), 'column' FROM pragma_table_info('logs')
UNION ALL SELECT name, 'index' FROM sqlite_master WHERE type = 'index' AND tbl_name = 'logs'`

/** Without these it is somebody else's table. */
const NEEDED = ['id', 'timestamp', 'level', 'function_name']

/**
 * Creates what is missing of the table `logs`: the table, its columns, its indices. Rows that are there stay as they are, and
 * a complete database is only read. Answers as the driver does, at once or with a promise. Throws, and changes nothing, when
 * the table belongs to something else.
 */
export function prepareSchema(driver: SqlDriver): void | Promise<void> {
  return complete(driver, true)
}

function complete(driver: SqlDriver, mayRepeat: boolean): void | Promise<void> {
  return after(driver.all(FOUND), ({ rows }) => {
    const statements = missing(rows)
    if (statements.length === 0) return
    return attempt(
      () => driver.transaction(statements),
      (error) => {
        // Another process may have added a column in between: what is missing now is looked up once more.
        if (mayRepeat) return complete(driver, false)
        throw error
      }
    )
  })
}

/** The statements that a database with those columns and indices lacks. */
function missing(found: readonly (readonly unknown[])[]): Statement[] {
  const names = (kind: string): Set<unknown> => new Set(found.filter((row) => row[1] === kind).map(([name]) => name))
  const columns = names('column')
  const indices = names('index')
  const lacking = NEEDED.find((column) => columns.size > 0 && !columns.has(column))
  if (lacking) {
    throw new Error(`[nfo] [sqlite] the table logs of this database has no column ${lacking}; use another file`)
  }
  const added = COLUMNS.flatMap((column, at) =>
    columns.has(column) ? [] : [`ALTER TABLE logs ADD COLUMN ${declared[at]}`]
  )
  const indexed = Object.keys(INDICES)
    .filter((name) => !indices.has(name))
    .map((name) => `CREATE INDEX IF NOT EXISTS ${name} ON ${INDICES[name]}`)
  return [...(columns.size > 0 ? added : [CREATE_LOGS]), ...indexed].map((sql) => ({ sql }))
}
