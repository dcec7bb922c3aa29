import type { Entry } from '../core/types.ts'

/** An entry that says how many others there would have been. */
export function note(count: number, why: string): Entry {
  return {
    sequence: 0,
    kind: 'message',
    timestamp: Date.now(),
    level: 'warn',
    functionName: '',
    module: 'nfo',
    params: [],
    args: [`${count} ${count === 1 ? 'entry is' : 'entries are'} missing here: ${why}`],
    argTypes: ['string'],
    clock: 'wall',
    spanId: 0,
    parentId: 0,
    extra: { missing: count }
  }
}
