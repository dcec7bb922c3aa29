import { hex } from '../core/trace.ts'

let visit: string | undefined

/** 16 digits for this page from its load to its end; with an entry's `sequence` they name the entry. */
export function visitId(): string {
  visit ??= hex(crypto.getRandomValues(new Uint8Array(8)))
  return visit
}
