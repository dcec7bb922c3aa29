import {
  ASYNC,
  CALL,
  CONSTRUCTED,
  CONTEXT,
  COUNT_SHIFT,
  CUT,
  END,
  FAILED,
  GENERATOR,
  HEADER_BYTES,
  KIND_MASK,
  LEVEL_MASK,
  LEVEL_SHIFT,
  MESSAGE,
  OUTCOMES,
  PREFIX_BYTES,
  SITE_MASK,
  START,
  TRACE_BYTES,
  WORDS_MASK
} from './layout.ts'
import type { Region } from './ring.ts'
import { ERROR_LEVEL, LEVELS } from './sites.ts'
import { Snapshot } from './snapshot.ts'
import { hex } from './trace.ts'
import type { Entry, SiteInfo } from './types.ts'
import { createReader, type Reader, typeName } from './values.ts'

/** What records refer to by number, and the clock they were written by. */
export interface Dictionary {
  readonly nameList: readonly string[]
  readonly sites: readonly SiteInfo[]
  /** Milliseconds to add to a record's start for epoch time. */
  readonly epoch: number
  /** The clock stands still while code runs: a duration of 0 says nothing. */
  readonly frozenClock?: boolean
}

/** So many calls that have begun are remembered for their end; more would only be calls whose end was lost. */
const MAX_STARTED = 100_000

const UNKNOWN: SiteInfo = { name: '', module: '', params: [], level: 0 }

type Records = Pick<Region, 'u8' | 'u32' | 'f64'>

/** Turns records into entries, in the order in which they were written. */
export interface Decoder {
  /** The entry that the record at that word completes; none for filler and for a call that only begins. */
  decode(records: Records, at: number): Entry | undefined
  /** The entry of a call that has not ended, as far as it is known at that time on the recorder's clock. */
  openCall(records: Records, at: number, now: number): Entry
}

export function createDecoder(dictionary: Dictionary): Decoder {
  const reader = createReader(dictionary.nameList)
  const started = new Map<number, unknown[]>()
  let newest = -1

  /** Spans are 31 bits wide in a record; this finds the number that is meant, the one nearest to the newest. */
  const unwrap = (span: number): number => {
    if (newest < 0) newest = span
    const whole = newest + (((span - newest) << 1) >> 1)
    if (whole > newest) newest = whole
    return whole
  }

  const begin = ({ u8, u32, f64 }: Records, at: number): Entry => {
    const shape = u32[at << 1]
    const site = dictionary.sites[u32[(at << 1) + 1] & SITE_MASK] ?? UNKNOWN
    const parent = u32[(at << 1) + 3]
    const spanId = unwrap(u32[(at << 1) + 2])
    reader.open(u8, (at << 3) + HEADER_BYTES, (at + (shape & WORDS_MASK)) << 3)
    return {
      sequence: spanId,
      kind: 'call',
      timestamp: dictionary.epoch + f64[at + 2],
      level: LEVELS[site.level],
      functionName: site.name,
      module: site.module,
      params: site.params,
      args: [],
      argTypes: [],
      clock: 'wall',
      spanId,
      parentId: parent && unwrap(parent),
      extra: shape & CUT ? { truncated: true } : {}
    }
  }

  return {
    decode(records, at) {
      const { u32, f64 } = records
      const shape = u32[at << 1]
      const kind = shape & KIND_MASK
      if (kind !== CALL && kind !== END && kind !== MESSAGE && kind !== START) return undefined
      const entry = begin(records, at)
      const count = (u32[(at << 1) + 1] >>> COUNT_SHIFT) & 255
      if (kind === MESSAGE) {
        readMessage(entry, reader, count, (shape >>> LEVEL_SHIFT) & LEVEL_MASK)
        setContext(entry, reader, shape)
        return entry
      }
      if (kind === START) {
        if (started.size >= MAX_STARTED) started.delete(started.keys().next().value as number)
        started.set(entry.spanId, reader.values(count))
        return undefined
      }
      if (kind === CALL) {
        setArguments(entry, reader.values(count))
        setContext(entry, reader, shape)
        reader.align()
      } else {
        const args = started.get(entry.spanId)
        started.delete(entry.spanId)
        if (args) setArguments(entry, args)
        else if (count > 0) entry.extra.argsLost = true
      }
      setDuration(entry, f64[at + 3], dictionary.frozenClock)
      setOutcome(entry, reader, shape)
      if (kind === END) setContext(entry, reader, shape)
      return entry
    },

    openCall(records, at, now) {
      const entry = begin(records, at)
      setArguments(entry, reader.values((records.u32[(at << 1) + 1] >>> COUNT_SHIFT) & 255))
      setContext(entry, reader, records.u32[at << 1])
      entry.durationMs = rounded(now - records.f64[at + 2])
      entry.open = true
      return entry
    }
  }
}

const rounded = (ms: number): number => Math.round(ms * 1e6) / 1e6

function setArguments(entry: Entry, args: unknown[]): void {
  entry.args = args
  entry.argTypes = args.map(typeName)
}

function setDuration(entry: Entry, duration: number, frozenClock?: boolean): void {
  if (frozenClock && duration === 0) entry.clock = 'frozen'
  else if (duration >= 0) entry.durationMs = rounded(duration)
}

function setOutcome(entry: Entry, reader: Reader, shape: number): void {
  const value = reader.value()
  if (shape & FAILED) setError(entry, value)
  else {
    entry.returnValue = value
    entry.returnType = typeName(value)
  }
  if (shape & ASYNC) entry.extra.async = true
  if (shape & CONSTRUCTED) entry.extra.constructed = true
  if (shape & GENERATOR) {
    entry.extra.yields = reader.value()
    entry.extra.outcome = OUTCOMES[reader.value() as number]
  }
}

function setError(entry: Entry, thrown: unknown): void {
  entry.level = LEVELS[ERROR_LEVEL]
  if (!(thrown instanceof Snapshot) || thrown.kind !== 'error') {
    entry.exception = thrown instanceof Snapshot ? thrown.text : typeof thrown === 'object' ? '' : String(thrown)
    entry.exceptionType = typeName(thrown)
    entry.extra.thrown = thrown
    return
  }
  const { name, message, stack, ...rest } = thrown.fields ?? {}
  entry.exception = typeof message === 'string' ? message : ''
  entry.exceptionType = typeof name === 'string' && name ? name : thrown.text
  if (typeof stack === 'string') entry.traceback = stack
  if (Object.keys(rest).length > 0) entry.extra.error = rest
}

function readMessage(entry: Entry, reader: Reader, count: number, level: number): void {
  entry.kind = 'message'
  entry.level = LEVELS[level] ?? 'info'
  entry.params = []
  const [text, fields] = reader.values(count)
  setArguments(entry, [text])
  if (fields instanceof Snapshot) Object.assign(entry.extra, fields.fields ?? { fields })
  else if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) Object.assign(entry.extra, fields)
  else if (fields !== undefined) entry.extra.fields = fields
}

/** What the entry says itself goes before what its context says. */
function setContext(entry: Entry, reader: Reader, shape: number): void {
  if (!(shape & CONTEXT)) return
  const ids = reader.value()
  const fields = reader.value()
  if (ids instanceof Uint8Array && ids.length > TRACE_BYTES) {
    const rest = TRACE_BYTES + PREFIX_BYTES
    entry.traceId = hex(ids.subarray(0, TRACE_BYTES))
    const number = (entry.spanId % 2 ** 31).toString(16).padStart(8, '0')
    entry.extra.traceSpan = hex(ids.subarray(TRACE_BYTES, rest)) + number
    if (ids.length > rest) entry.extra.traceParent = hex(ids.subarray(rest))
  }
  if (typeof fields === 'object') entry.extra = { ...fields, ...entry.extra }
}
