import { Snapshot, type SnapshotKind } from '../core/snapshot.ts'

const DEEPEST = 20
const MOST_VALUES = 5000

/** Stands for what was not recorded. Nothing else in a key holds it: a text that does is escaped. */
const UNKNOWN = '\0'
const UNKNOWN_KINDS: readonly SnapshotKind[] = ['redacted', 'unreadable', 'depth', 'more', 'opaque']

// With its length in front a text needs no escapes, which take most of the time.
const quote = (text: string): string => (text.includes(UNKNOWN) ? JSON.stringify(text) : `'${text.length}'${text}`)

/** Whether the value of that key is known as a whole: only then do equal keys say equal values. */
export const isWhole = (key: string): boolean => !key.includes(UNKNOWN)

/**
 * A text that is the same for equal values, whatever the order of their properties. Types tell apart: `1`, `1n` and
 * `'1'`. Stacks of errors do not. Bounded: what is nested deeper than 20, or comes after 5,000 values, is unknown.
 */
export function keyOf(value: unknown): string {
  let left = MOST_VALUES

  function write(item: unknown, depth: number): string {
    if (typeof item === 'string') return quote(item)
    if (typeof item === 'bigint') return `${item}n`
    if (Object.is(item, -0)) return '-0'
    if (typeof item === 'function') return `function ${item.name}`
    if (typeof item !== 'object' || item === null) return String(item)
    return --left < 0 || depth > DEEPEST ? UNKNOWN : writeObject(item, depth + 1)
  }

  function writeObject(item: object, depth: number): string {
    const list = (items: readonly unknown[]) => items.map((inner) => write(inner, depth))
    if (Array.isArray(item)) return `[${list(item)}]`
    if (item instanceof Snapshot) return writeSnapshot(item, depth)
    if (item instanceof Date) return `date ${item.getTime()}`
    if (item instanceof RegExp) return `regexp ${write(String(item), depth)}`
    if (item instanceof Uint8Array) return `bytes ${item}`
    if (item instanceof Map) return `map ${list([...item]).sort()}`
    if (item instanceof Set) return `set ${list([...item]).sort()}`
    return writeFields(item as Record<string, unknown>, depth)
  }

  function writeSnapshot({ kind, text, fields = {} }: Snapshot, depth: number): string {
    if (UNKNOWN_KINDS.includes(kind)) return UNKNOWN
    const { stack, ...rest } = fields
    return `${kind} ${write(text, depth)} ${writeFields(kind === 'error' ? rest : fields, depth)}`
  }

  function writeFields(fields: Record<string, unknown>, depth: number): string {
    let text = '{'
    for (const name of Object.keys(fields).sort()) text += `${quote(name)}:${write(fields[name], depth)},`
    return `${text}}`
  }

  return write(value, 0)
}
