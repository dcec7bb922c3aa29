import type { Entry, Sink } from '../core/types.ts'
import { type EventSink, onBinding } from './_binding.ts'
import { limited } from './_limited.ts'
import { bytesIn } from './_lines.ts'

/** What Analytics Engine stores of one event. */
export interface DataPoint {
  indexes: string[]
  blobs: string[]
  doubles: number[]
}

/** The few members of an Analytics Engine binding that nfo uses. */
export interface AnalyticsEngineBinding {
  writeDataPoint(point: DataPoint): void
}

export interface AnalyticsEngineOptions {
  /** The sampling key, 96 bytes of it. @default the function's name */
  index?(entry: Entry): string
  /** Texts besides the usual ones: 9 at most. @default none */
  blobs?(entry: Entry): readonly string[]
  /** Numbers besides the usual ones: 17 at most. @default none */
  doubles?(entry: Entry): readonly number[]
}

const POINTS = 250
const VALUES = 20
const INDEX_BYTES = 96
const BLOB_BYTES = 16 * 1024

/**
 * Writes each entry as a data point of Workers Analytics Engine, within its limits: an index of 96 bytes, 20 blobs of 16 KB
 * together, 20 doubles, 250 points in an invocation; the last of these says how many are missing. Give its name, so that each
 * event has a count of its own, or make one for each event. Blobs: function, module, level, kind, exception type, exception,
 * trace, environment, version, method, path. Doubles: duration in ms (-1 when unknown), 1 for a failure, status.
 *
 * @example
 *     export default wrapWorker(handler, { sinks: [analyticsEngineSink('CALLS')] })
 */
export function analyticsEngineSink(to: string, options?: AnalyticsEngineOptions): EventSink
export function analyticsEngineSink(to: AnalyticsEngineBinding, options?: AnalyticsEngineOptions): Sink
export function analyticsEngineSink(
  to: AnalyticsEngineBinding | string,
  options: AnalyticsEngineOptions = {}
): Sink | EventSink {
  return onBinding('analyticsEngine', to, (dataset) => {
    const write: Sink['write'] = (entries) => {
      for (const entry of entries) dataset.writeDataPoint(pointOf(entry, options))
    }
    return limited({ write }, 'analyticsEngine', { entries: POINTS })
  })
}

function pointOf(entry: Entry, { index, blobs, doubles }: AnalyticsEngineOptions): DataPoint {
  const { functionName, level, extra, durationMs = -1 } = entry
  const failed = level === 'error' || level === 'fatal'
  const numbers = [durationMs, +failed, Number(extra.status ?? 0), ...(doubles?.(entry) ?? [])]
  return {
    indexes: [cut(index ? index(entry) : functionName, INDEX_BYTES)],
    blobs: within([...textsOf(entry), ...(blobs?.(entry) ?? [])]),
    // What is no number would reject the point.
    doubles: numbers.slice(0, VALUES).map((number) => (Number.isFinite(number) ? number : 0))
  }
}

function textsOf(entry: Entry): string[] {
  const { functionName, module, level, kind, extra, args } = entry
  const message = kind === 'message' ? String(args[0]) : ''
  return [
    functionName,
    module,
    level,
    kind,
    entry.exceptionType ?? '',
    entry.exception ?? message,
    entry.traceId ?? '',
    entry.environment ?? '',
    entry.version ?? '',
    String(extra.method ?? ''),
    String(extra.path ?? '')
  ]
}

/** As many as may be, each cut to what the ones before it leave. */
function within(texts: readonly unknown[]): string[] {
  let room = BLOB_BYTES
  return texts.slice(0, VALUES).map((text) => {
    const kept = cut(String(text), room)
    room -= bytesIn(kept)
    return kept
  })
}

/** Whole characters of a text, so many bytes of UTF-8 at most. */
function cut(text: string, bytes: number): string {
  const target = new Uint8Array(bytes)
  const { read, written } = new TextEncoder().encodeInto(text, target)
  return read === text.length ? text : new TextDecoder().decode(target.subarray(0, written))
}
