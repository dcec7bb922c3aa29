import {
  CUT,
  INLINE_KEY,
  NO_KEY,
  TAG_ARRAY,
  TAG_ASCII,
  TAG_BIGINT,
  TAG_BYTES,
  TAG_CUT,
  TAG_CYCLE,
  TAG_DATE,
  TAG_DEPTH,
  TAG_END,
  TAG_ERROR,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_FUNCTION,
  TAG_INSTANCE,
  TAG_INT,
  TAG_MAP,
  TAG_MORE,
  TAG_NULL,
  TAG_OBJECT,
  TAG_OPAQUE,
  TAG_REDACTED,
  TAG_REGEXP,
  TAG_SET,
  TAG_SYMBOL,
  TAG_TEXT,
  TAG_TRUE,
  TAG_UNDEFINED,
  TAG_UNITS,
  TAG_UNREADABLE
} from './layout.ts'
import { isSecretName, redactPairs } from './redact.ts'
import { CLOSED, type Recorder } from './ring.ts'

const float = new Float64Array(1)
const floatBytes = new Uint8Array(float.buffer)
const utf8 = new TextEncoder()
const { getPrototypeOf, prototype } = Object
const { toString: describe, hasOwnProperty: isOwn } = prototype
const { isArray } = Array
const { isView } = ArrayBuffer

/** The objects around the one at hand, outermost first. */
const around: unknown[] = []

/** Writes a value at a byte of the ring and returns the byte after it. Numbers first: they are the common case. */
export function encode(ring: Recorder, at: number, value: unknown): number {
  if (typeof value !== 'number') return encodeOther(ring, at, value)
  const { u8 } = ring
  if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
    if ((value & ~127) === 0) {
      u8[at] = value
      return at + 1
    }
    u8[at] = TAG_INT
    u8[at + 1] = value
    u8[at + 2] = value >> 8
    u8[at + 3] = value >> 16
    u8[at + 4] = value >> 24
    return at + 5
  }
  return encodeFloat(u8, at, TAG_FLOAT, value)
}

function encodeOther(ring: Recorder, at: number, value: unknown): number {
  const { u8 } = ring
  if (typeof value === 'string') return encodeString(ring, at, value)
  if (value === undefined) u8[at] = TAG_UNDEFINED
  else if (value === null) u8[at] = TAG_NULL
  else if (value === true) u8[at] = TAG_TRUE
  else if (value === false) u8[at] = TAG_FALSE
  else return encodeOuter(ring, at, value)
  return at + 1
}

function encodeFloat(u8: Uint8Array, at: number, tag: number, value: number): number {
  float[0] = value
  u8[at] = tag
  for (let i = 0; i < 8; i++) u8[at + 1 + i] = floatBytes[i]
  return at + 9
}

function encodeU32(u8: Uint8Array, at: number, tag: number, value: number): number {
  u8[at] = tag
  for (let i = 0; i < 4; i++) u8[at + 1 + i] = value >>> (8 * i)
  return at + 5
}

/** A loop beats TextEncoder up to about 48 characters. A text that may say `name=value` is looked at for secrets first. */
export function encodeString(ring: Recorder, at: number, value: string): number {
  const { length } = value
  if (length > 48 || length > ring.maxString) return encodeText(ring, at, value)
  const { u8 } = ring
  u8[at] = TAG_ASCII
  u8[at + 1] = length
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i)
    if (code > 127 || code === 61 || code === 58) return encodeText(ring, at, value)
    u8[at + 2 + i] = code
  }
  return at + 2 + length
}

/** With the gate closed: a method of strings may be a wrapped one. */
function encodeText(ring: Recorder, at: number, value: string): number {
  const { gate } = ring
  ring.gate = CLOSED
  const end = encodeUtf8(ring, at, value)
  ring.gate = gate
  return end
}

function encodeUtf8(ring: Recorder, at: number, value: string): number {
  const { u8 } = ring
  const room = Math.max(0, ring.limit - at)
  // No more is looked at than can be kept.
  let text = value.length > ring.maxString ? value.slice(0, ring.maxString).replace(/[\ud800-\udbff]$/, '') : value
  if (text.includes('=') || text.includes(':')) text = redactPairs(text, ring.extraRedact ?? ring.redact)
  if (text.length * 2 < room && !text.isWellFormed()) return encodeUnits(u8, at, text)
  if (value.length <= ring.maxString) {
    const { read, written } = utf8.encodeInto(text, u8.subarray(at + 3, at + 3 + room))
    u8[at] = TAG_TEXT
    u8[at + 1] = written
    u8[at + 2] = written >> 8
    if (read === text.length) return at + 3 + written
  }
  ring.cut = CUT
  const { written } = utf8.encodeInto(text, u8.subarray(at + 7, at + 7 + room))
  return encodeCut(u8, at, value.length, written)
}

function encodeCut(u8: Uint8Array, at: number, length: number, written: number): number {
  const body = encodeU32(u8, at, TAG_CUT, length)
  u8[body] = written
  u8[body + 1] = written >> 8
  return body + 2 + written
}

/** A string that UTF-8 cannot hold, because half of a pair is missing. */
function encodeUnits(u8: Uint8Array, at: number, text: string): number {
  u8[at] = TAG_UNITS
  u8[at + 1] = text.length
  u8[at + 2] = text.length >> 8
  for (let i = 0; i < text.length; i++) {
    u8[at + 3 + i * 2] = text.charCodeAt(i)
    u8[at + 4 + i * 2] = text.charCodeAt(i) >> 8
  }
  return at + 3 + text.length * 2
}

/** Anything that needs its own code to be run, a getter or a trap, is read with the gate closed and may throw. */
function encodeOuter(ring: Recorder, at: number, value: unknown): number {
  const { gate } = ring
  ring.gate = CLOSED
  const end = encodeSafely(ring, at, value, 0)
  ring.gate = gate
  return end
}

function encodeSafely(ring: Recorder, at: number, value: unknown, depth: number): number {
  try {
    if (typeof value !== 'object') return encodeRest(ring, at, value)
    return encodeObject(ring, at, value as object, depth)
  } catch {
    around.fill(undefined, depth)
    ring.u8[at] = TAG_UNREADABLE
    return at + 1
  }
}

function named(ring: Recorder, at: number, tag: number, name: unknown): number {
  ring.u8[at] = tag
  return encodeString(ring, at + 1, typeof name === 'string' ? name.slice(0, 256) : '')
}

/** A function, symbol or bigint. */
function encodeRest(ring: Recorder, at: number, value: unknown): number {
  if (typeof value === 'function') return named(ring, at, TAG_FUNCTION, value.name)
  if (typeof value === 'symbol') return named(ring, at, TAG_SYMBOL, value.description)
  // Only a bound on the digits keeps a huge number from taking seconds to print.
  const small = BigInt.asIntN(1024, value as bigint)
  if (small !== value) ring.cut = CUT
  return named(ring, at, TAG_BIGINT, String(small))
}

function encodeObject(ring: Recorder, at: number, value: object, depth: number): number {
  const { u8 } = ring
  for (let i = depth; i > 0; i--) {
    if (around[i - 1] === value) {
      u8[at] = TAG_CYCLE
      u8[at + 1] = depth - i + 1
      return at + 2
    }
  }
  const list = isArray(value)
  const proto = list ? null : getPrototypeOf(value)
  const plain = proto === prototype || proto === null
  if (depth >= ring.maxDepth) {
    ring.cut = CUT
    return named(ring, at, TAG_DEPTH, list ? 'Array' : plain ? 'Object' : className(proto))
  }
  around[depth] = value
  if (list) {
    u8[at] = TAG_ARRAY
    at = encodeItems(ring, at + 1, value as unknown[], depth)
  } else if (plain) {
    u8[at] = TAG_OBJECT
    at = encodeProperties(ring, at + 1, value, depth)
  } else at = encodeInstance(ring, at, value, proto, depth)
  around[depth] = undefined
  return at
}

/** A value inside another one. */
function encodeInner(ring: Recorder, at: number, value: unknown, depth: number): number {
  const deep = typeof value === 'object' ? value !== null : typeof value === 'function' || typeof value === 'symbol'
  return deep || typeof value === 'bigint' ? encodeSafely(ring, at, value, depth + 1) : encode(ring, at, value)
}

function more(ring: Recorder, at: number, count: number): number {
  ring.cut = CUT
  return encodeU32(ring.u8, at, TAG_MORE, count)
}

function encodeItems(ring: Recorder, at: number, list: ArrayLike<unknown>, depth: number): number {
  const { length } = list
  const kept = Math.min(length, ring.maxItems)
  let i = 0
  for (; i < kept && at < ring.limit; i++) at = encodeInner(ring, at, read(list, i), depth)
  if (i < length) at = more(ring, at, length - i)
  ring.u8[at] = TAG_END
  return at + 1
}

/** Stands for a property whose getter threw. */
const UNREADABLE = {}

function read(object: object, key: string | number): unknown {
  try {
    return (object as Record<string | number, unknown>)[key]
  } catch {
    return UNREADABLE
  }
}

/** A key and its value, unless the name says that the value is a secret. */
function encodeProperty(ring: Recorder, at: number, key: string, value: unknown, depth: number): number {
  const { u8 } = ring
  const number = ring.names.get(key) ?? ring.intern(key)
  const id = number < 0 ? INLINE_KEY : number >> 1
  u8[at] = id
  u8[at + 1] = id >> 8
  at = number < 0 ? encodeString(ring, at + 2, key.slice(0, 256)) : at + 2
  let secret = number < 0 ? isSecretName(key, ring.redact) : (number & 1) === 1
  if (ring.extraRedact) secret ||= isSecretName(key, ring.extraRedact)
  if (!secret && value !== UNREADABLE) return encodeInner(ring, at, value, depth)
  u8[at] = secret ? TAG_REDACTED : TAG_UNREADABLE
  return at + 1
}

function endKeys(ring: Recorder, at: number): number {
  ring.u8[at] = NO_KEY
  ring.u8[at + 1] = NO_KEY >> 8
  return at + 2
}

function encodeProperties(ring: Recorder, at: number, value: object, depth: number): number {
  let room = ring.maxItems
  for (const key in value) {
    if (!isOwn.call(value, key)) continue
    if (room-- === 0 || at > ring.limit) {
      ring.cut = CUT
      break
    }
    at = encodeProperty(ring, at, key, read(value, key), depth)
  }
  return endKeys(ring, at)
}

function className(proto: object | null): string {
  const maker = proto?.constructor
  return typeof maker === 'function' ? maker.name : ''
}

/** The classes that have more to show than their own properties, by what Object.prototype.toString says of them. */
function encodeInstance(ring: Recorder, at: number, value: object, proto: object | null, depth: number): number {
  if (isView(value)) return encodeView(ring, at, value, depth)
  const type = describe.call(value).slice(8, -1)
  switch (type) {
    case 'Date':
      return encodeFloat(ring.u8, at, TAG_DATE, Date.prototype.getTime.call(value))
    case 'RegExp':
      return encodeString(ring, named(ring, at, TAG_REGEXP, (value as RegExp).source), (value as RegExp).flags)
    case 'URL':
      return encodeText(ring, at, (value as URL).href)
    case 'Map':
      return encodeMembers(ring, at, TAG_MAP, Map.prototype.entries.call(value), depth)
    case 'Headers':
    case 'URLSearchParams':
    case 'FormData':
      return encodeMembers(ring, at, TAG_MAP, (value as URLSearchParams).entries(), depth)
    case 'Set':
      return encodeMembers(ring, at, TAG_SET, Set.prototype.values.call(value), depth)
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return encodeBytes(ring, at, new Uint8Array(value as ArrayBuffer))
    case 'Promise':
    case 'WeakRef':
    case 'WeakMap':
    case 'WeakSet':
      return named(ring, at, TAG_OPAQUE, type)
  }
  if (type === 'Error' || value instanceof Error) return encodeError(ring, at, value as Error, depth)
  return encodeProperties(ring, named(ring, at, TAG_INSTANCE, className(proto) || type), value, depth)
}

/** Bytes for what holds bytes, numbers for what holds numbers. */
function encodeView(ring: Recorder, at: number, view: ArrayBufferView, depth: number): number {
  if (!(view instanceof Uint8Array) && 'length' in view) {
    ring.u8[at] = TAG_ARRAY
    return encodeItems(ring, at + 1, view as Float64Array, depth)
  }
  return encodeBytes(ring, at, new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
}

function encodeBytes(ring: Recorder, at: number, bytes: Uint8Array): number {
  const kept = Math.min(bytes.length, ring.maxItems, 255, Math.max(0, ring.limit - at))
  if (kept < bytes.length) ring.cut = CUT
  const body = encodeU32(ring.u8, at, TAG_BYTES, bytes.length)
  ring.u8[body] = kept
  ring.u8.set(bytes.subarray(0, kept), body + 1)
  return body + 1 + kept
}

/** The members of a set, or the keys and values of what has those. */
function encodeMembers(ring: Recorder, at: number, tag: number, members: Iterable<unknown>, depth: number): number {
  let room = ring.maxItems
  ring.u8[at++] = tag
  for (const member of members) {
    if (room-- === 0 || at > ring.limit) {
      ring.cut = CUT
      break
    }
    if (tag === TAG_SET) at = encodeInner(ring, at, member, depth)
    else {
      const [key, value] = member as [unknown, unknown]
      at = encodeInner(ring, at, key, depth)
      if (typeof key === 'string' && isSecretName(key, ring.extraRedact ?? ring.redact)) ring.u8[at++] = TAG_REDACTED
      else at = encodeInner(ring, at, value, depth)
    }
  }
  ring.u8[at] = TAG_END
  return at + 1
}

/** An error's own words are not enumerable. The stack of one that is on its way up is recorded once. */
function encodeError(ring: Recorder, at: number, error: Error, depth: number): number {
  at = named(ring, at, TAG_ERROR, className(getPrototypeOf(error)))
  for (const key of ['name', 'message', 'stack', 'cause', 'errors']) {
    if (at > ring.limit || (key === 'stack' && depth === 0 && error === ring.lastError)) continue
    const value = read(error, key)
    if (value !== undefined) at = encodeProperty(ring, at, key, value, depth)
  }
  return encodeProperties(ring, at, error, depth)
}
