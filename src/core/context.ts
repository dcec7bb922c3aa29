import { encode } from './encode.ts'
import { PREFIX_BYTES, SPAN_BYTES, TAG_BYTES, TAG_UNDEFINED, TRACE_BYTES } from './layout.ts'
import { CLOSED, defaultRecorder, type Place, type Recorder, TRACED, type Tracing, tracing } from './ring.ts'

/** What follows a task through its awaits: AsyncLocalStorage, or what does the same up to the first of them. */
export interface Storage<Value> {
  getStore(): Value | undefined
  run<Result>(value: Value | undefined, task: () => Result): Result
}

/** Where a runtime has one. It may be there later than it is first asked for. */
export type MakeStorage = <Value>() => Storage<Value> | undefined

export type Fields = Record<string, unknown>

/** The ids of a trace, made when they are first needed. */
export interface Trace {
  id: Uint8Array
  /** The span in another process that this one was called by; empty when there is none. */
  remote: Uint8Array
  flags: number
  /** The upper half of span ids, before a recorder's salt. */
  prefix: number
}

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

  enter<T>(ring: Recorder, task: () => T): T {
    const { current } = ring
    // Who is on the stack knows better: a callback may have been made anywhere.
    if (current === 0) ring.current = this.spanIn(ring)
    try {
      return task()
    } finally {
      ring.current = current
    }
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

/** Two recorders of a process number their spans alike. */
function prefixOf({ prefix }: Trace, ring: Recorder): Uint8Array {
  return bytesOf((prefix ^ (known.get(ring)?.salt ?? 0)) >>> 0)
}

const bytesOf = (number: number): Uint8Array => Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

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
  enter(ring, task) {
    const scope = storage.getStore()
    const level = scope?.rank ?? ring.rank
    return scope ? scope.enter(ring, () => task(level, scope)) : task(level, undefined)
  },
  within(ring, span, task) {
    const scope = storage.getStore()
    return scope ? storage.run(new Scope({ ring, span, others: without(scope.calls, ring) }, scope), task) : task()
  },
  outside: (task) => storage.run(undefined, task)
}

/** What a logger says of its recorder, and what sets the span ids of one apart from those of another. */
interface Facts {
  environment: string
  version: string
  salt: number
}

const known = new WeakMap<Recorder, Facts>()
let loggers: WeakRef<Recorder>[] = []
let count = 0

/** Contexts want to know of every ring. A logger that nobody holds is not kept for that. */
export function follow(ring: Recorder, { environment, version }: Omit<Facts, 'salt'>): void {
  // Spread over all 32 bits, so that no two are alike.
  const salt = known.get(ring)?.salt ?? (ring === defaultRecorder ? 0 : Math.imul(++count, 0x9e3779b1))
  known.set(ring, { environment, version, salt })
  const others = loggers.filter((reference) => ![undefined, ring].includes(reference.deref()))
  if (globalThis.WeakRef) loggers = [...others, new WeakRef(ring)]
}

export const factsOf = (ring: Recorder): Facts | undefined => known.get(ring)

function rings(): Recorder[] {
  const own = loggers.map((reference) => reference.deref())
  return [...new Set([defaultRecorder, ...own])].filter((ring) => ring !== undefined)
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

/** Fields on top of others. What cannot be read is left out: a log never throws. */
export function merged(fields: Fields, more: unknown): Fields {
  try {
    if (typeof more !== 'object' || more === null) return more === undefined ? fields : { ...fields, fields: more }
    const proto = Object.getPrototypeOf(more)
    return { ...fields, ...(proto === null || proto === Object.prototype ? more : { fields: more }) }
  } catch {
    return fields
  }
}

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/

/** A W3C `traceparent`; undefined for one that is not to be taken. */
export function parseTraceparent(text: unknown): Trace | undefined {
  const [, version, id, span, flags, rest] = TRACEPARENT.exec(typeof text === 'string' ? text.trim() : '') ?? []
  if (!version || version === 'ff' || (version === '00' && rest) || /^0+$/.test(id) || /^0+$/.test(span))
    return undefined
  return { ...createTrace(), id: bytesIn(id), remote: bytesIn(span), flags: Number.parseInt(flags, 16) }
}

const bytesIn = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))

export function createTrace(): Trace {
  const random = crypto.getRandomValues(new Uint8Array(TRACE_BYTES + PREFIX_BYTES))
  // Neither id may be 0.
  random[0] ||= 1
  const prefix = new DataView(random.buffer).getUint32(TRACE_BYTES) || 1
  return { id: random.subarray(0, TRACE_BYTES), remote: new Uint8Array(0), flags: 1, prefix }
}

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
