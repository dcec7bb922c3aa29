import { encode } from './encode.ts'
import type { Fields } from './fields.ts'
import { PREFIX_BYTES, SPAN_BYTES, TAG_BYTES, TAG_UNDEFINED, TRACE_BYTES } from './layout.ts'
import { factsOf, rings } from './recorders.ts'
import { CLOSED, type Place, type Recorder, TRACED, type Tracing, tracing } from './ring.ts'
import { bytesOf, hex, type Trace } from './trace.ts'

/** What follows a task through its awaits: AsyncLocalStorage, or what does the same up to the first of them. */
export interface Storage<Value> {
  getStore(): Value | undefined
  run<Result>(value: Value | undefined, task: () => Result): Result
}

/** Where a runtime has one. It may be there later than it is first asked for. */
export type MakeStorage = <Value>() => Storage<Value> | undefined

/** What all that is recorded inside says besides. */
export interface Context {
  fields: Fields
  trace: Trace
  /** Its bytes in a record, for one recorder and its list of secrets. */
  bytes?: Uint8Array
  ring?: Recorder
  redact?: ReadonlySet<string>
}

/** The innermost call of each recorder, the latest first. */
interface Calls {
  ring: Recorder
  span: number
  others: Calls | undefined
}

export interface Inside {
  context?: Context
  rank?: number
  tell?: Place['tell']
}

/** Encoding stops adding fields after so many bytes. */
const FIELDS_LIMIT = 512
const HEAD = 6

/** A place is what the storage holds. It is never changed, and knows no more calls than there are recorders. */
export class Scope implements Place {
  /** Instead of the logger's level. */
  readonly rank: number | undefined
  readonly context: Context | undefined
  readonly tell: Place['tell']
  readonly calls: Calls | undefined

  constructor(calls: Calls | undefined, { context, rank, tell }: Inside) {
    this.calls = calls
    this.context = context
    this.rank = rank
    this.tell = tell
  }

  spanIn(ring: Recorder): number {
    for (let calls = this.calls; calls; calls = calls.others) if (calls.ring === ring) return calls.span
    return 0
  }

  within<T>(ring: Recorder, span: number, task: () => T): T {
    return storage.run(new Scope({ ring, span, others: without(this.calls, ring) }, this), task)
  }

  write(ring: Recorder, at: number): number {
    const { context } = this
    if (!context) {
      ring.u8.fill(TAG_UNDEFINED, at, at + 2)
      return at + 2
    }
    if (context.ring !== ring || context.redact !== ring.redact) {
      context.bytes = encodeContext(ring, at, context)
      context.ring = ring
      context.redact = ring.redact
    }
    const bytes = context.bytes as Uint8Array
    ring.u8.set(bytes, at)
    return at + bytes.length
  }
}

function without(calls: Calls | undefined, ring: Recorder): Calls | undefined {
  if (!calls || calls.ring === ring) return calls?.others
  return { ...calls, others: without(calls.others, ring) }
}

/** As it lies in a record: what was cut of the fields is marked there, not as cut from the call. */
function encodeContext(ring: Recorder, at: number, { fields, trace }: Context): Uint8Array {
  const { cut, u8 } = ring
  const ids = [trace.id, prefixOf(trace, ring), trace.remote]
  const length = TRACE_BYTES + PREFIX_BYTES + trace.remote.length
  u8.set([TAG_BYTES, length, 0, 0, 0, length], at)
  let end = at + HEAD
  for (const part of ids) {
    u8.set(part, end)
    end += part.length
  }
  ring.limit = end + FIELDS_LIMIT
  end = encode(ring, end, fields)
  ring.cut = cut
  return u8.slice(at, end)
}

/** The upper half of span ids: two recorders of a process number their spans alike. */
export function prefixOf({ prefix }: Trace, ring: Recorder): Uint8Array {
  return bytesOf((prefix ^ (factsOf(ring)?.salt ?? 0)) >>> 0)
}

/** Good up to the first `await`: after it nobody is known. */
function untilAwait<Value>(): Storage<Value> {
  let now: Value | undefined
  return {
    getStore: () => now,
    run(value, task) {
      const around = now
      now = value
      try {
        return task()
      } finally {
        now = around
      }
    }
  }
}

let storage: Storage<Scope>
let lasting = false

function start(make: MakeStorage): void {
  const found = lasting ? undefined : make<Scope>()
  lasting ||= found !== undefined
  if (found) storage = found
  storage ??= untilAwait()
  Object.assign(tracing, HOOKS)
  for (const ring of rings()) if (ring.gate < TRACED) ring.gate = TRACED
}

const HOOKS: Tracing = {
  here: () => storage.getStore(),
  outside: (task) => storage.run(undefined, task)
}

/** Where it is called, also when nobody has been there before: calls on the stack are callers. */
function standing(): Scope {
  const scope = storage.getStore()
  let calls = scope?.calls
  for (const ring of rings()) {
    const span = ring.current
    if (span !== 0 && scope?.spanIn(ring) !== span) calls = { ring, span, others: without(calls, ring) }
  }
  return new Scope(calls, scope ?? {})
}

/** Runs a task in another place. */
export function inside<Result>(make: MakeStorage, change: (scope: Scope) => Inside, task: () => Result): Result {
  start(make)
  const scope = standing()
  const { context, rank, tell } = scope
  return storage.run(new Scope(scope.calls, { context, rank, tell, ...change(scope) }), task)
}

/** For what a sink does with an entry. */
export const unseen = (task: () => void): void => storage.run(new Scope(undefined, { rank: CLOSED }), task)

/** The `traceparent` of what is called from here. */
export function traceparentHere(): string | undefined {
  const scope = storage?.getStore()
  const trace = scope?.context?.trace
  if (!trace) return undefined
  const { calls } = scope as Scope
  const own = calls && calls.span !== 0 ? hex(prefixOf(trace, calls.ring)) + hex(bytesOf(calls.span)) : undefined
  const first = trace.remote.length === SPAN_BYTES ? hex(trace.remote) : `${hex(bytesOf(trace.prefix))}00000000`
  return `00-${hex(trace.id)}-${own ?? first}-${hex(Uint8Array.of(trace.flags))}`
}
