import { traceparentHere } from '../core/context.ts'
import type { Exchange } from './types.ts'

/** Says to the client by which names the request is recorded. Headers that cannot be changed stay as they are. */
export function respond({ id, run }: Exchange, set: (name: string, value: string) => void): void {
  try {
    set('x-request-id', id)
    set('traceparent', run(traceparentHere) as string)
  } catch {
    // Sent already, or of a response that somebody else made.
  }
}

export const lengthOf = (header: unknown): number | undefined => (header == null ? undefined : Number(header))
