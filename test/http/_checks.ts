import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'

export const HEADER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

/** The entries of requests. */
export const rootsOf = (entries: readonly Entry[]): Entry[] =>
  entries.filter(({ kind, module }) => kind === 'call' && module === 'http')

/** The one entry of a request, checked for what all of them have. */
export function onlyRoot(entries: readonly Entry[]): Entry {
  const roots = rootsOf(entries)
  assert.is(roots.length, 1, `${roots.length} entries of one request`)
  const [root] = roots
  assert.is(root.parentId, 0)
  assert.ok(root.clock === 'frozen' || root.durationMs! >= 0)
  assert.match(String(root.extra.requestId), /^[\w-]{2,}$/)
  assert.match(root.traceId as string, /^[\da-f]{32}$/)
  return root
}

/** Of many requests at once, each with an id and a trace of its own: nothing that one of them called is another's. */
export function assertApart(entries: readonly Entry[], requests: number, callsEach: number, lasting = true): void {
  const roots = rootsOf(entries)
  assert.is(roots.length, requests)
  assert.is(new Set(roots.map(({ traceId }) => traceId)).size, requests)
  const below = entries.filter((entry) => !roots.includes(entry))
  assert.is(below.length, requests * callsEach)
  const byId = new Map(roots.map((root) => [root.extra.requestId, root]))
  assert.is(byId.size, requests)
  const known = new Map(entries.filter(({ kind }) => kind === 'call').map((entry) => [entry.spanId, entry]))
  for (const entry of below) {
    const [own] = entry.kind === 'call' ? entry.args : [entry.extra.own]
    if (entry.extra.requestId === undefined && !lasting) continue
    assert.is(entry.extra.requestId, own, `${entry.functionName} of ${own} says ${entry.extra.requestId}`)
    assert.is(entry.traceId, byId.get(own)?.traceId)
    let top = entry
    while (top.parentId !== 0) top = known.get(top.parentId) as Entry
    assert.is(top, byId.get(own), `${entry.functionName} of ${own} is below ${top?.functionName}`)
  }
}
