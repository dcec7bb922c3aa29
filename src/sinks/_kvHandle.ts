export type Key = (string | number)[]

interface DenoKvChange {
  set(key: Key, value: unknown, options?: { expireIn?: number }): unknown
  delete(key: Key): unknown
  commit(): Promise<unknown>
}

/** The few members of a `Deno.Kv` that nfo uses. */
export interface DenoKv {
  get(key: Key): Promise<{ value: unknown }>
  list(
    selector: { start: Key; end: Key },
    options?: { limit?: number; reverse?: boolean }
  ): AsyncIterable<{ key: readonly unknown[]; value: unknown }>
  atomic(): DenoKvChange
  close(): void
}

/** Opens a database when it is first needed. A handle of the user's is not closed. */
export function connection(to: DenoKv | string | undefined): { open(): Promise<DenoKv>; close(): void } {
  let opening: Promise<DenoKv> | undefined
  let closed = false
  return {
    async open() {
      if (typeof to === 'object') return to
      if (closed) throw new Error('[nfo] [denoKv] it is closed; write and read before close()')
      opening ??= openKv(to)
      try {
        return await opening
      } catch (error) {
        opening = undefined
        throw error
      }
    },
    close() {
      closed = true
      opening?.then((kv) => kv.close()).catch(() => {})
      opening = undefined
    }
  }
}

async function openKv(path?: string): Promise<DenoKv> {
  const { Deno } = globalThis as unknown as { Deno?: { openKv?(path?: string): Promise<DenoKv> } }
  if (!Deno?.openKv) {
    throw new Error('[nfo] [denoKv] there is no Deno.openKv here; run Deno with --unstable-kv, or pass a handle')
  }
  try {
    return await Deno.openKv(path)
  } catch (error) {
    const { name, message } = error as Error
    const fix = name === 'NotCapable' ? `run Deno with --allow-read=${path} --allow-write=${path}` : 'check the path'
    throw new Error(`[nfo] [denoKv] cannot open ${path ?? 'the default database'}: ${message}; ${fix}`, {
      cause: error
    })
  }
}
