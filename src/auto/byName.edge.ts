import type { AutoLogOptions } from './autoLog.ts'
import type { Report } from './report.ts'

export interface AutoLoggedByName extends Report {
  modules: Record<string, unknown>
}

/** Where there are no files, nothing can be found by its name. */
export function autoLogByName(..._given: (string | AutoLogOptions)[]): Promise<AutoLoggedByName> {
  const fix = 'pass the imported module to autoLog, or build with nfo/esbuild'
  return Promise.reject(new Error(`[nfo] [autoLogByName] this runtime has no files to look names up in; ${fix}`))
}
