import { type ConfigureOptions, configure, type ProjectLogger } from '../configure.ts'
import type { Entry } from '../core/types.ts'
import { type BeaconOptions, beaconSink } from '../sinks/beacon.ts'
import { keepCrash } from './crash.ts'
import { captureErrors } from './errors.ts'
import { expose } from './expose.ts'
import type { Crash } from './lastCrash.ts'

/** All that `configure` takes, and: */
export interface PageOptions extends Omit<ConfigureOptions, 'record'> {
  /** Where entries are posted, by `beaconSink`; then `interval` is 2000 if it is not given. @default nowhere */
  url?: string
  /** How they are posted. */
  beacon?: BeaconOptions
  /** Whether errors and rejections that nobody catches become entries. @default true */
  errors?: boolean
  /**
   * Whether the ring is saved for the next visit when something is not caught, and every so many milliseconds for the case
   * that the page hangs or is killed. @default 5000
   */
  crash?: number | false
  /** A global for the console, with `dump()`: `nfo`, or the name given. @default false */
  expose?: boolean | string
}

/** A page that is recorded. */
export interface RecordedPage {
  readonly logger: ProjectLogger
  /** What the last visit left that hung, was killed, or did not catch something; it is posted to `url` as well. */
  readonly lastCrash: Promise<Crash | undefined>
  /** Takes back all of it, and closes the logger. */
  stop(): Promise<void>
}

let recorded: RecordedPage | undefined
let takeBack: (() => void) | undefined

/**
 * Sets up a page: `configure` with a `beaconSink`, errors that nobody catches, the last crash, and tools for the console.
 * What is recorded when the page is hidden or closed is handed to the browser, 64 KiB at most, and the rest stored for the
 * next visit. A second call gives the same, unless `force` is set. Throws as `configure` and `beaconSink` do.
 *
 * @example
 *     const { logger, lastCrash } = recordPage({ url: '/logs', expose: true })
 */
export function recordPage(options: PageOptions = {}): RecordedPage {
  if (recorded && !options.force) return recorded
  takeBack?.()
  recorded = setUp(options)
  return recorded
}

function setUp(options: PageOptions): RecordedPage {
  const { url, beacon: posting, errors = true, crash = 5000, expose: name = false, sinks = [], ...rest } = options
  const beacon = url === undefined ? undefined : beaconSink(url, posting)
  const interval = beacon && { interval: 2000 }
  const logger = configure({ ...interval, ...rest, sinks: beacon ? [...sinks, beacon] : sinks })
  const keeper = crash === false ? undefined : keepCrash(logger, crash)
  const lastCrash = keeper?.last ?? Promise.resolve(undefined)
  const stops = [
    errors && captureErrors(logger, keeper?.caught),
    name && expose(name === true ? 'nfo' : name, logger, lastCrash),
    keeper?.stop
  ]
  takeBack = () => {
    for (const stop of stops) if (stop) stop()
  }
  // Counted where it was recorded, not here.
  if (beacon) lastCrash.then((left) => left && beacon.write(marked(left))).catch(() => {})
  return {
    logger,
    lastCrash,
    async stop() {
      takeBack?.()
      takeBack = recorded = undefined
      await logger.close()
    }
  }
}

const marked = ({ entries, visit, reason }: Crash): Entry[] =>
  entries.map((entry) => ({ ...entry, extra: { ...entry.extra, visit, crash: reason } }))
