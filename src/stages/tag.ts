import { hex } from '../core/trace.ts'
import type { Entry, Stage } from '../core/types.ts'
import { before } from './_before.ts'
import { detectEnvironment, detectTrace, detectVersion, processEnvironment } from './_environment.ts'
import { checkNames } from './_options.ts'

/** What to write; `''` for nothing. */
export interface TagOptions {
  /**
   * @default NFO_ENV, APP_ENV, ENVIRONMENT, NODE_ENV, DENO_ENV or ENV; else the place: github-actions, gitlab-ci,
   * vercel, lambda, deno-deploy, fly, workers, k8s, docker, ci, browser, or local
   */
  environment?: string
  /**
   * @default NFO_VERSION, APP_VERSION, VERSION or npm_package_version; else 12 digits of the commit in GIT_SHA,
   * GIT_COMMIT, GITHUB_SHA, CI_COMMIT_SHA, VERCEL_GIT_COMMIT_SHA or COMMIT_SHA
   */
  version?: string
  /**
   * @default TRACE_ID, X_TRACE_ID, OTEL_TRACE_ID, DD_TRACE_ID, X_REQUEST_ID, REQUEST_ID, CORRELATION_ID, or the one in
   * TRACEPARENT; else 32 random hex digits, made with the first entry and the same for the whole process
   */
  traceId?: string
  /** Fields for `extra`. @default none */
  extra?: Record<string, unknown>
}

/**
 * Writes to every entry where it comes from: environment, version, trace id, and fields of your own. What an entry has
 * already stays. Variables are read when this is called, and where that is not allowed there are none. Throws for what
 * is not text.
 *
 * @example
 *     pipe(tag({ extra: { host: 'pi-3' } }), jsonSink('app.jsonl'))
 */
export function tag(options: TagOptions = {}): Stage {
  checkNames('tag', options, ['environment', 'version', 'traceId', 'extra'])
  const env = processEnvironment
  const {
    environment = detectEnvironment(env),
    version = detectVersion(env),
    traceId = detectTrace(env),
    extra = {}
  } = options
  for (const [name, value] of Object.entries({ environment, version, traceId })) {
    if (value !== undefined && typeof value !== 'string')
      throw new TypeError(`[nfo] [tag] ${name} is ${value}; use text`)
  }
  if (typeof extra !== 'object' || extra === null) throw new TypeError('[nfo] [tag] extra has no fields; use an object')
  const fields = Object.entries(extra).length > 0 ? { ...extra } : undefined
  const change = (entry: Entry): Entry => {
    const added: Partial<Entry> = {}
    if (!entry.environment && environment) added.environment = environment
    if (!entry.version && version) added.version = version
    if (!entry.traceId && traceId !== '') added.traceId = traceId ?? ofThisProcess()
    if (fields) added.extra = { ...fields, ...entry.extra }
    // A tenth of the time that a literal takes, or adding to a copy.
    return Object.assign({}, entry, added)
  }
  return (next) => before(next, (entries) => entries.map(change))
}

let made: string | undefined

/** Not made before it is needed: Workers have no random numbers while they load. */
function ofThisProcess(): string {
  made ??= hex(crypto.getRandomValues(new Uint8Array(16)))
  return made
}
