import {
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
  TAG_UNITS,
  TAG_UNREADABLE
} from './layout.ts'
import { redactShapes } from './redact.ts'
import { Snapshot, type SnapshotKind } from './snapshot.ts'

/** Reads values one after the other, whatever the bytes are: past the end everything is undefined. */
export interface Reader {
  open(u8: Uint8Array, from: number, to: number): void
  value(): unknown
  values(count: number): unknown[]
  /** Goes on at the next word. */
  align(): void
}

const END_MARK = {}
const float = new Float64Array(1)
const floatBytes = new Uint8Array(float.buffer)
const DEEPEST = 64

const NAMED: Record<number, SnapshotKind> = {
  [TAG_FUNCTION]: 'function',
  [TAG_SYMBOL]: 'symbol',
  [TAG_DEPTH]: 'depth',
  [TAG_OPAQUE]: 'opaque'
}

/** The type of a recorded value as a person would name it: `number`, `Array`, `User`. */
export function typeName(value: unknown): string {
  if (typeof value !== 'object') return typeof value
  if (value === null) return 'null'
  if (!(value instanceof Snapshot)) return Object.getPrototypeOf(value)?.constructor?.name ?? 'Object'
  if (value.kind === 'function' || value.kind === 'symbol') return value.kind
  if (value.kind === 'error') return String(value.fields?.name)
  return (
    (value.kind === 'redacted' || value.kind === 'unreadable' || value.kind === 'cycle' ? '' : value.text) || 'object'
  )
}

export function createReader(names: readonly string[]): Reader {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  const shown: string[] = []
  let u8: Uint8Array = new Uint8Array(0)
  let at = 0
  let to = 0
  let depth = 0

  const byte = (): number => {
    const found = at < to ? u8[at] : TAG_END
    at++
    return found
  }
  const u16 = (): number => byte() | (byte() << 8)
  const u32 = (): number => (u16() | (u16() << 16)) >>> 0

  function double(): number {
    for (let i = 0; i < 8; i++) floatBytes[i] = byte()
    return float[0]
  }

  function ascii(): string {
    const end = Math.min(to, byte() + at)
    let text = ''
    while (at < end) text += String.fromCharCode(u8[at++])
    return text
  }

  /** A copy, because a decoder may not read memory that threads share. */
  function text(length: number): string {
    const end = Math.min(to, at + length)
    const bytes = u8.slice(at, end)
    at += length
    return utf8.decode(bytes)
  }

  function units(length: number): string {
    let whole = ''
    for (let i = 0; i < length && at < to; i++) whole += String.fromCharCode(u16())
    return whole
  }

  function cut(): string {
    const length = u32()
    return `${text(u16())}… (${length} characters)`
  }

  function raw(tag: number): string {
    if (tag === TAG_ASCII) return ascii()
    if (tag === TAG_TEXT) return text(u16())
    if (tag === TAG_CUT) return cut()
    return tag === TAG_UNITS ? units(u16()) : ''
  }

  /** A string, without what looks like a secret. */
  const string = (tag: number): string => redactShapes(raw(tag))

  const nameOf = (id: number): string => {
    if (names[id] === undefined) return `name#${id}`
    shown[id] ??= redactShapes(names[id])
    return shown[id]
  }

  function items(): unknown[] {
    const list: unknown[] = []
    while (at < to) {
      const item = any()
      if (item === END_MARK) break
      list.push(item)
    }
    return list
  }

  function fields(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    while (at < to) {
      const id = u16()
      if (id === NO_KEY) break
      const key = id === INLINE_KEY ? string(byte()) : nameOf(id)
      const value = any()
      if (value === END_MARK) break
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
      else object[key] = value
    }
    return object
  }

  function bytes(): Uint8Array | Snapshot {
    const length = u32()
    const kept = byte()
    const part = u8.slice(at, Math.min(to, at + kept))
    at += kept
    return length === part.length ? part : new Snapshot('instance', 'Uint8Array', { length, bytes: part })
  }

  function map(): Map<unknown, unknown> {
    const list = items()
    const pairs = new Map<unknown, unknown>()
    for (let i = 0; i + 1 < list.length; i += 2) pairs.set(list[i], list[i + 1])
    return pairs
  }

  function regexp(): unknown {
    const source = string(byte())
    const flags = string(byte())
    try {
      return new RegExp(source, flags)
    } catch {
      return new Snapshot('instance', 'RegExp', { source, flags })
    }
  }

  function bigint(): unknown {
    const digits = raw(byte())
    return /^-?\d+$/.test(digits) ? BigInt(digits) : new Snapshot('unreadable', digits)
  }

  function nested(tag: number): unknown {
    if (tag === TAG_ARRAY) return items()
    if (tag === TAG_OBJECT) return fields()
    if (tag === TAG_MAP) return map()
    if (tag === TAG_SET) return new Set(items())
    const name = string(byte())
    const own = fields()
    if (tag === TAG_INSTANCE) return new Snapshot('instance', name, own)
    // A subclass that keeps the name of its parent is told apart by its own.
    if (!own.name || own.name === 'Error') own.name = name
    return new Snapshot('error', String(own.message ?? ''), own)
  }

  function any(): unknown {
    const tag = byte()
    if (tag < 128) return tag
    switch (tag) {
      case TAG_NULL:
        return null
      case TAG_TRUE:
        return true
      case TAG_FALSE:
        return false
      case TAG_INT:
        return u32() | 0
      case TAG_FLOAT:
        return double()
      case TAG_DATE:
        return new Date(double())
      case TAG_ASCII:
      case TAG_TEXT:
      case TAG_CUT:
      case TAG_UNITS:
        return string(tag)
      case TAG_BIGINT:
        return bigint()
      case TAG_REGEXP:
        return regexp()
      case TAG_BYTES:
        return bytes()
      case TAG_CYCLE:
        return new Snapshot('cycle', String(byte()))
      case TAG_MORE:
        return new Snapshot('more', String(u32()))
      case TAG_REDACTED:
        return new Snapshot('redacted', '')
      case TAG_UNREADABLE:
        return new Snapshot('unreadable', '')
      case TAG_END:
        return END_MARK
      case TAG_FUNCTION:
      case TAG_SYMBOL:
      case TAG_DEPTH:
      case TAG_OPAQUE:
        return new Snapshot(NAMED[tag], string(byte()))
      case TAG_ARRAY:
      case TAG_OBJECT:
      case TAG_MAP:
      case TAG_SET:
      case TAG_INSTANCE:
      case TAG_ERROR: {
        // Bytes that were flipped may nest without end.
        if (depth >= DEEPEST) return END_MARK
        depth++
        const value = nested(tag)
        depth--
        return value
      }
    }
    return undefined
  }

  function value(): unknown {
    const found = any()
    return found === END_MARK ? undefined : found
  }

  return {
    open(bytesOf, from, end) {
      u8 = bytesOf
      at = from
      to = Math.min(end, bytesOf.length)
      depth = 0
    },
    value,
    values(count) {
      const list: unknown[] = []
      for (let i = 0; i < count; i++) list.push(value())
      return list
    },
    align() {
      at = (at + 7) & ~7
    }
  }
}
