import type { Fields } from '../core/fields.ts'
import type { Tell } from './recordAs.ts'

/** What is recorded of an event: never its contents, and of the URL the path only. */
export interface Kind {
  readonly params: readonly string[]
  describe(event: never, ...rest: never[]): { args: unknown[]; fields: Fields; traceparent?: string | null }
  readonly tell?: Tell
}

interface Incoming {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly cf?: { colo?: unknown }
}

/** By the name of the handler's function. */
export const KINDS: Readonly<Record<string, Kind>> = {
  fetch: {
    params: ['method', 'path'],
    describe({ method, url, headers, cf }: Incoming) {
      const path = new URL(url).pathname
      const fields: Fields = { method, path }
      if (cf?.colo) fields.colo = cf.colo
      return { args: [method, path], fields, traceparent: headers.get('traceparent') }
    },
    tell: ({ status }: { status: number }) => ({ status })
  },
  scheduled: {
    params: ['cron'],
    describe: ({ cron }: { cron: string }) => ({ args: [cron], fields: { cron } })
  },
  queue: {
    params: ['queue', 'messages'],
    describe: ({ queue, messages }: { queue: string; messages: unknown[] }) => ({
      args: [queue, messages.length],
      fields: { queue }
    })
  },
  email: {
    params: ['bytes'],
    describe: ({ rawSize }: { rawSize: number }) => ({ args: [rawSize], fields: {} })
  },
  tail: {
    params: ['events'],
    describe: ({ length }: { length: number }) => ({ args: [length], fields: {} })
  },
  alarm: {
    params: ['retryCount'],
    describe: (info?: { retryCount: number }) => ({ args: info ? [info.retryCount] : [], fields: {} })
  },
  webSocketMessage: {
    params: ['size'],
    describe: (_: unknown, message: string | ArrayBuffer) => ({
      args: [typeof message === 'string' ? message.length : message.byteLength],
      fields: {}
    })
  },
  webSocketClose: {
    params: ['code', 'wasClean'],
    describe: (_: unknown, code: number, __: string, wasClean: boolean) => ({ args: [code, wasClean], fields: {} })
  },
  webSocketError: {
    params: ['error'],
    describe: (_: unknown, error: unknown) => ({ args: [error], fields: {} })
  }
}

/** What cannot be read is left out. */
export function describe(kind: Kind, args: readonly unknown[]): ReturnType<Kind['describe']> {
  try {
    return kind.describe(...(args as [never]))
  } catch {
    return { args: [], fields: {} }
  }
}
