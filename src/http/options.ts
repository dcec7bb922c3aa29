import type { Logger } from '../core/logger.ts'
import { rejectUnknown } from '../core/options.ts'
import { defaultRecorder, type Recorder } from '../core/ring.ts'

/** A request as options are asked about it. */
export interface RequestLine {
  readonly method: string
  /** Without its query. */
  readonly path: string
}

export interface HttpOptions {
  /**
   * Requests that are served as if this was not there: paths, where a `*` at the end stands for the rest, or a function.
   * @default none
   */
  ignore?: readonly string[] | ((request: RequestLine) => boolean)
  /** Names of the request headers to record. Secrets, such as `authorization` and `cookie`, are left out all the same. @default none */
  headers?: readonly string[]
  /** Whether the response says `x-request-id` and `traceparent`, unless its headers cannot be changed. @default false */
  respond?: boolean
  /**
   * The pattern that a request is named by, such as `/users/:id`, where no framework knows it. 1,000 of them, then requests
   * are named by their method. @default the framework's, or none
   */
  route?: (request: RequestLine) => string | undefined
  /** The logger to record to. @default the one of `configure()` */
  logger?: Pick<Logger, 'recorder'>
}

/** Options, checked. */
export interface Settings extends HttpOptions {
  readonly ring: Recorder
  /** In use: what is recorded has to be kept from knowing every path there is. */
  readonly names: Set<string>
}

const OPTIONS: readonly string[] = ['ignore', 'headers', 'respond', 'route', 'logger']

export function readOptions(part: string, options: HttpOptions): Settings {
  rejectUnknown(part, 'option', Object.keys(options), OPTIONS)
  return { ...options, ring: options.logger?.recorder ?? defaultRecorder, names: new Set() }
}

export function isIgnored({ ignore = [] }: HttpOptions, line: RequestLine): boolean {
  const { path } = line
  if (typeof ignore === 'function') return ignore(line)
  return ignore.some((one) => (one.endsWith('*') ? path.startsWith(one.slice(0, -1)) : path === one))
}
