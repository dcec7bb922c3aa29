/** The levels, from least to most severe. */
export type Level = 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** One decoded record. Plain data; `formats/json` turns it into JSON without loss. */
export interface Entry {
  /** Grows by one a record, in the order in which calls started. A gap is a record that was dropped. */
  sequence: number
  kind: 'call' | 'message'
  /** Start of the call, epoch milliseconds with a fraction. */
  timestamp: number
  level: Level
  /** Name of the function; for a message, of the function that logged it, or ''. */
  functionName: string
  module: string
  /** Names of the declared parameters. */
  params: readonly string[]
  /** Arguments as they were when the call began, bounded by the capture limits. A message holds its text in `args[0]`. */
  args: unknown[]
  argTypes: string[]
  returnValue?: unknown
  returnType?: string
  exception?: string
  exceptionType?: string
  traceback?: string
  /** Milliseconds with a fraction. For an open call: how long it had been running. Missing when the clock stood still. */
  durationMs?: number
  /** `frozen`: the runtime's clock stood still (Workers), so the duration is unknown, not 0. */
  clock: 'wall' | 'frozen'
  /** True for a call that has started and not returned. Only dumps and recovered files hold such entries. */
  open?: true
  spanId: number
  /** Span of the caller; 0 when there is none or it is not known. After an `await` it is known inside `withContext`. */
  parentId: number
  traceId?: string
  environment?: string
  version?: string
  llmAnalysis?: string
  /** Fields of the context and of a message, `traceSpan` and `traceParent` of a trace (16 hexadecimal digits), `yields` and `outcome` of a generator, `truncated` when the capture limits cut something. */
  extra: Record<string, unknown>
}

/** An end: where entries go. */
export interface Sink {
  /** Takes a batch, oldest entry first. A sink that returns a promise gets its next batch when that has settled. */
  write(entries: readonly Entry[]): void | Promise<void>
  /** Makes everything written so far durable. */
  flush?(): void | Promise<void>
  /** The same without waiting. A sink that has it can write on the way out of a process. */
  flushSync?(): void
  close?(): void | Promise<void>
}

/** Changes, drops or adds entries, then passes them on. */
export type Stage = (next: Sink) => Sink

/** Where every accepted record is. Always exactly: accepted = delivered + dropped + failed + pending. */
export interface Ledger {
  /** Records taken. */
  accepted: number
  /** Records that every sink took. */
  delivered: number
  /** Records given up by the overflow policy, or overwritten in the ring before anything asked for them. */
  dropped: number
  /** Records that at least one sink refused. */
  failed: number
  /** Records on their way: in the ring, or with a sink that has not answered. */
  pending: number
}

/** How much of a value is kept. What is cut is marked as cut. */
export interface CaptureLimits {
  /** Levels of nesting. @default 5 */
  depth?: number
  /** Items of an array, map or set; properties of an object. @default 64 */
  items?: number
  /** Characters of a string. @default 1024 */
  string?: number
}

/** What a record says of its function, by number. */
export interface SiteInfo {
  readonly name: string
  readonly module: string
  readonly params: readonly string[]
  /** Level of a call that returns. */
  readonly level: number
}
