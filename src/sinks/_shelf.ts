/**
 * Texts for the next visit, in the page's `localStorage`: what is put there is there when the call returns, also while
 * the page is being closed.
 */
export interface Shelf {
  /** Gives its key; undefined when there is no room, or no such storage. */
  put(text: string): string | undefined
  /** Undefined when another tab has taken it. */
  get(key: string): string | undefined
  remove(key: string): void
  /** Oldest first. */
  keys(): string[]
}

/** The shelf of that name, which all tabs share; `limit` is in characters, for all texts together. */
export function openShelf(name: string, limit: number): Shelf {
  let last = 0

  function keys(): string[] {
    const found = Object.keys(storage() ?? {}).filter((key) => key.startsWith(name))
    return found.sort()
  }

  return {
    keys,
    put(text) {
      try {
        if (keys().reduce((sum, key) => sum + lengthIn(key), text.length) > limit) return undefined
        const order = `${Date.now()}${`${last++}`.padStart(6, '0')}${Math.random().toString(36).slice(1, 6)}`
        const key = `${name}${order} ${text.length}`
        storage()?.setItem(key, text)
        return storage() && key
      } catch {
        // The page's storage is full, with whatever else is in it.
        return undefined
      }
    },
    get: (key) => storage()?.getItem(key) ?? undefined,
    remove: (key) => storage()?.removeItem(key)
  }
}

const lengthIn = (key: string): number => Number(key.slice(key.lastIndexOf(' ')))

/** The page's `localStorage`; one in a sandbox has none, and says so by throwing. */
export function storage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
