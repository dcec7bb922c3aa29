import { PREFIX_BYTES, TRACE_BYTES } from './layout.ts'

/** The ids of a trace, made when they are first needed. */
export interface Trace {
  id: Uint8Array
  /** The span in another process that this one was called by; empty when there is none. */
  remote: Uint8Array
  flags: number
  /** The upper half of span ids, before a recorder's salt. */
  prefix: number
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

/** A 32-bit number, the highest byte first. */
export const bytesOf = (number: number): Uint8Array => Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
