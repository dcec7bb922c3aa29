/**
 * Values as JSON text and back, without loss. What JSON lacks is an object with a single key that starts with `$`:
 *
 *     undefined NaN Infinity -Infinity -0    {"$":"undefined"} {"$":"NaN"} …
 *     10n                                    {"$bigint":"10"}
 *     Date, invalid Date                     {"$date":"2026-11-22T22:35:57.140Z"} {"$date":null}
 *     Map, Set                               {"$map":[[key,value],…]} {"$set":[value,…]}
 *     RegExp                                 {"$regexp":["source","flags"]}
 *     bytes                                  {"$bytes":"base64"}
 *     Snapshot                               {"$cycle":"2"}, with fields {"$instance":["Cart",{"total":3}]}
 *     a user's own { $date: 1 }              {"$$date":1}, one `$` more, when that is its only key
 */
import { Snapshot, type SnapshotKind } from '../core/snapshot.ts'

// Besides what JSON asks for: DEL and C1 (a terminal obeys them) and what some readers take for a line's end.
const UNSAFE = /["\\\p{Cc}\p{Cs}\u2028\u2029]/u
const ESCAPED_TOO = /[\p{Cc}\u2028\u2029]/gu

const MAX_NAMES = 1000
const MAX_NAME = 100

const SNAPSHOTS: Record<SnapshotKind, true> = {
  instance: true,
  error: true,
  function: true,
  symbol: true,
  redacted: true,
  unreadable: true,
  cycle: true,
  depth: true,
  more: true,
  opaque: true
}

const READERS: Record<string, (inner: unknown) => unknown> = {
  $: (name) => (name === 'undefined' ? undefined : Number(name)),
  $bigint: (digits) => BigInt(digits as string),
  $date: (text) => new Date((text as string | null) ?? Number.NaN),
  $map: (pairs) => new Map(pairs as [unknown, unknown][]),
  $set: (items) => new Set(items as unknown[]),
  $regexp: (parts) => new RegExp(...(parts as [string, string])),
  $bytes: (text) => Uint8Array.from(atob(text as string), (character) => character.charCodeAt(0))
}

/** A string as JSON text: well-formed, on one line, without control characters. */
export function quote(text: string): string {
  return UNSAFE.test(text) ? JSON.stringify(text).replace(ESCAPED_TOO, escapeUnit) : `"${text}"`
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

// The same few names come again and again, and looking one up costs a third of looking at it.
const names = new Map<string, string>()

function quoteName(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  const text = quote(name)
  if (names.size < MAX_NAMES && name.length < MAX_NAME) names.set(name, text)
  return text
}

/** A value as JSON text. What throws while it is read (also: a cycle) is written as unreadable. */
export function encodeValue(value: unknown): string {
  try {
    return encode(value)
  } catch {
    return '{"$unreadable":""}'
  }
}

// Not JSON.stringify: it would call the toJSON of whatever it meets, and this is no slower.
function encode(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? `${value}`
        : constant(Object.is(value, -0) ? '-0' : value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'undefined':
      return constant(value)
    case 'bigint':
      return tag('bigint', `"${value}"`)
    case 'symbol':
      return tag('symbol', quote(value.description ?? ''))
    case 'function':
      return tag('function', quote(value.name))
    default:
      return value === null ? 'null' : encodeObject(value as object)
  }
}

const constant = (name: unknown): string => `{"$":"${name}"}`
const tag = (name: string, json: string): string => `{"$${name}":${json}}`

function encodeObject(value: object): string {
  if (Array.isArray(value)) return encodeList(value, encode)
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return encodeFields(value, encode)
  if (value instanceof Snapshot) return encodeSnapshot(value)
  if (value instanceof Date) return tag('date', Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString()}"`)
  if (value instanceof Map) return tag('map', encodeList(Array.from(value), encode))
  if (value instanceof Set) return tag('set', encodeList(Array.from(value), encode))
  if (value instanceof RegExp) return tag('regexp', `[${quote(value.source)},"${value.flags}"]`)
  if (value instanceof Uint8Array) return tag('bytes', `"${base64(value)}"`)
  return encodeFields(value, encode)
}

function encodeSnapshot({ kind, text, fields }: Snapshot): string {
  return tag(kind, fields ? `[${quote(text)},${encodeFields(fields, encode)}]` : quote(text))
}

export function encodeList(items: readonly unknown[], write: (item: unknown) => string): string {
  if (items.length === 0) return '[]'
  let text = `[${write(items[0])}`
  for (let index = 1; index < items.length; index++) text += `,${write(items[index])}`
  return `${text}]`
}

export function encodeFields(fields: object, write: (value: unknown) => string): string {
  const keys = Object.keys(fields)
  const values = fields as Record<string, unknown>
  if (keys.length === 1 && keys[0].startsWith('$')) return `{${quote(`$${keys[0]}`)}:${write(values[keys[0]])}}`
  let text = '{'
  for (const key of keys) text += `${text.length > 1 ? ',' : ''}${quoteName(key)}:${write(values[key])}`
  return `${text}}`
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  // In slices: a call takes a bounded number of arguments.
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode.apply(null, bytes.subarray(start, start + 8192) as unknown as number[])
  }
  return btoa(binary)
}

/** What `encodeValue` wrote, after `JSON.parse`. Changes objects and arrays in place. An unknown tag stays as it is. */
export function decodeValue(parsed: unknown): unknown {
  if (typeof parsed !== 'object' || parsed === null) return parsed
  const fields = parsed as Record<string, unknown>
  const keys = Object.keys(fields)
  for (const key of keys) fields[key] = decodeValue(fields[key])
  return keys.length === 1 && keys[0].startsWith('$') ? untag(keys[0], fields) : fields
}

function untag(key: string, fields: Record<string, unknown>): unknown {
  const inner = fields[key]
  const name = key.slice(1)
  if (name.startsWith('$')) return { [name]: inner }
  try {
    if (Object.hasOwn(SNAPSHOTS, name)) {
      const [text, own] = typeof inner === 'string' ? [inner] : (inner as [string, Record<string, unknown>])
      return new Snapshot(name as SnapshotKind, text, own)
    }
    return Object.hasOwn(READERS, key) ? READERS[key](inner) : fields
  } catch {
    return fields
  }
}
