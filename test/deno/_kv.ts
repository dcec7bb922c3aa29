import type { DenoKv } from '../../src/sinks/denoKv.ts'

type Part = string | number
interface Held {
  key: Part[]
  value: unknown
}

// Numbers come behind texts, as in Deno.
function order(one: readonly Part[], other: readonly Part[]): number {
  for (const [index, part] of one.entries()) {
    const against = other[index]
    if (against === undefined) return 1
    if (part === against) continue
    if (typeof part !== typeof against) return typeof part === 'number' ? 1 : -1
    return part < against ? -1 : 1
  }
  return one.length - other.length
}

const sizeOf = (value: unknown): number => {
  const text = String(value)
  return (/[\u0100-\uffff]/.test(text) ? text.length * 2 : text.length) + 6
}

/** Refuses what Deno KV refuses; `refuse` makes it refuse the next transaction. */
export function strictKv(): DenoKv & { held: Held[]; commits: number; refuse?: string; closed: boolean } {
  const kv = {
    held: [] as Held[],
    commits: 0,
    closed: false,
    refuse: undefined as string | undefined,
    close() {
      kv.closed = true
    },
    async get(key: Part[]) {
      return { value: kv.held.find((one) => order(one.key, key) === 0)?.value ?? null }
    },
    async *list(
      { start, end }: { start: Part[]; end: Part[] },
      { limit = Number.POSITIVE_INFINITY, reverse = false }: { limit?: number; reverse?: boolean } = {}
    ) {
      const inside = kv.held.filter(({ key }) => order(key, start) >= 0 && order(key, end) < 0)
      inside.sort((one, other) => order(one.key, other.key) * (reverse ? -1 : 1))
      yield* inside.slice(0, limit)
    },
    atomic() {
      const changes: { key: Part[]; value?: unknown }[] = []
      return {
        set: (key: Part[], value: unknown) => changes.push({ key, value }),
        delete: (key: Part[]) => changes.push({ key }),
        async commit() {
          await undefined
          const why = kv.refuse
          kv.refuse = undefined
          if (why) throw new Error(why)
          if (changes.length > 1000) throw new TypeError('Too many mutations (max 1000)')
          if (changes.some(({ value }) => value !== undefined && sizeOf(value) > 65_536)) {
            throw new TypeError('Value too large (max 65536 bytes)')
          }
          const total = changes.reduce((sum, { key, value = '' }) => sum + sizeOf(value) + key.join('').length + 20, 0)
          if (total > 819_200) throw new TypeError('Total mutation size too large (max 819200 bytes)')
          kv.commits++
          for (const { key, value } of changes) {
            kv.held = kv.held.filter((one) => order(one.key, key) !== 0)
            if (value !== undefined) kv.held.push({ key, value })
          }
        }
      }
    }
  }
  return kv
}
