import { Snapshot } from '../core/snapshot.ts'

// Controls, invisible and text-reversing characters, lone surrogates; not the joiner that emoji are made with.
const HIDDEN = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Text from elsewhere, safe to print on a terminal: what would steer it, or hide, is shown as an escape. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) as number
    return SHORT[character] ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
  })
}

/** At most `length` UTF-16 units, the last one an ellipsis when something was cut. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}

/** A value as text for a person: one line of at most `budget` characters, without control characters. Never throws. */
export function inspectValue(value: unknown, budget = 80): string {
  try {
    return clip(inspect(value, budget), budget)
  } catch {
    return '[unreadable]'
  }
}

function inspect(value: unknown, room: number): string {
  if (typeof value === 'string') return quoted(value, room)
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (typeof value !== 'object' || value === null) return visible(String(value))
  // Each level takes at least one character, so however deep the value is, this ends.
  return room < 3 ? '…' : inspectObject(value, room)
}

function quoted(text: string, room: number): string {
  const shown = visible(text.slice(0, Math.max(0, room)).replace(/[\\']/g, '\\$&'))
  return text.length + 2 > room || shown.length + 2 > room ? `'${clip(`${shown}…`, room - 2)}'` : `'${shown}'`
}

function inspectObject(value: object, room: number): string {
  if (Array.isArray(value)) return group('[', value, value.length, ']', room, inspect)
  if (value instanceof Snapshot) return inspectSnapshot(value, room)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof RegExp) return visible(`/${value.source}/${value.flags}`)
  if (value instanceof Uint8Array) return group(`bytes(${value.length}) <`, value, value.length, '>', room, hex, ' ')
  if (value instanceof Map) return group(`Map(${value.size}) {`, value, value.size, '}', room, pair(inspect, ' => '))
  if (value instanceof Set) return group(`Set(${value.size}) {`, value, value.size, '}', room, inspect)
  return inspectFields('{', value, room)
}

function inspectSnapshot({ kind, text, fields }: Snapshot, room: number): string {
  const label = clip(visible(text), room)
  if (kind === 'instance') return inspectFields(label ? `${label} {` : '{', fields ?? {}, room)
  if (kind === 'error') return label ? `${visible(String(fields?.name ?? 'Error'))}: ${label}` : 'Error'
  if (kind === 'symbol') return `Symbol(${label})`
  if (kind === 'more') return `… ${label} more`
  return `[${kind === 'opaque' || kind === 'depth' ? label : `${kind}${label && ` ${label}`}`}]`
}

function inspectFields(open: string, fields: object, room: number): string {
  const entries = Object.entries(fields)
  return group(open, entries, entries.length, '}', room, pair(visible, ': '))
}

type Render<Item> = (item: Item, room: number) => string

const hex = (byte: number): string => byte.toString(16).padStart(2, '0')

function pair<Key>(renderKey: Render<Key>, between: string): Render<[Key, unknown]> {
  return ([key, value], room) => {
    const head = renderKey(key, room) + between
    return head + inspect(value, room - head.length)
  }
}

function group<Item>(
  open: string,
  items: Iterable<Item>,
  size: number,
  close: string,
  width: number,
  render: Render<Item>,
  separator = ', '
): string {
  let text = open
  let left = size
  for (const item of items) {
    const between = text.length > open.length ? separator : ''
    const note = `… ${left} more`
    // What is shown always leaves room for the note that stands for the rest.
    const room = width - text.length - close.length - (left > 1 ? separator.length + note.length : 0)
    const piece = between + render(item, room - between.length)
    if (piece.length > room) return text + between + note + close
    text += piece
    left--
  }
  return text + close
}
