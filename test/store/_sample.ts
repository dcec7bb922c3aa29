import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry, Level } from '../../src/core/types.ts'
import { entry } from '../formats/_entry.ts'

const levels: Level[] = ['debug', 'debug', 'info', 'debug', 'warn', 'info', 'error', 'debug', 'info', 'fatal', 'debug']
const names = ['price', 'Cart.add', 'Cart.remove', 'fetchUser', 'a*b', 'zażółć', '[render]']
const modules = ['shop/cart', 'shop/price', 'db/pool', '']
const start = Date.parse('2026-11-22T20:00:00Z')

/** Entries in the order in which they were written, with times that go back and forth over three hours. */
export const sample: readonly Entry[] = Array.from({ length: 240 }, (_, index) => {
  const level = levels[index % levels.length]
  const isMessage = index % 13 === 5
  const isFailed = level === 'error' && !isMessage
  const times = { sequence: index + 1, spanId: index + 1, timestamp: start + index * 45_000.25 - (index % 5) * 60_000 }
  const place = { level, functionName: names[index % names.length], module: modules[index % modules.length] }
  const optional = {
    ...(index % 3 === 0 ? { environment: 'prod', traceId: `req-${index % 9}` } : {}),
    ...(index % 4 === 1 ? { version: `1.${index % 8}` } : {}),
    ...(index % 50 === 7 ? { llmAnalysis: 'Looks like a LEAK' } : {})
  }
  if (isMessage) return { ...message(index), ...times, ...place, ...optional }
  const failed = {
    exception: `No such "sku" ${index}`,
    exceptionType: 'NotFound',
    traceback: 'NotFound\n    at price:7'
  }
  const called = entry({
    ...times,
    ...place,
    ...optional,
    args: [`sku-${index}`, { Note: 'a\n"b"', n: index }],
    extra: {}
  })
  called.durationMs = ((index * 37) % 101) + 0.125
  if (index % 17 === 3) Object.assign(called, { clock: 'frozen', durationMs: undefined })
  if (called.durationMs === undefined) delete called.durationMs
  if (!isFailed) return called
  const { returnValue, returnType, ...rest } = called
  return { ...rest, ...failed }
})

function message(index: number): Entry {
  const { returnValue, returnType, durationMs, ...rest } = entry({ kind: 'message', params: [], argTypes: ['string'] })
  return { ...rest, args: [`cache MISS ${index}`], extra: { user: index, cause: new Snapshot('error', 'Kaputt') } }
}
