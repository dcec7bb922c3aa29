import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { toJson } from '../../src/formats/json.ts'
import { isoMicros } from '../../src/formats/time.ts'
import type { Filter } from '../../src/store/filter.ts'
import type { Store } from '../../src/store/store.ts'
import { slow } from '../_run/runtime.ts'
import { sample } from './_sample.ts'
import { warmUp } from './_write.ts'

type Contract = ReturnType<typeof suite>
/** Gives the function that registers tests: the suite's own, or one that skips where the runtime lacks something. */
export type Register = (contract: Contract) => (name: string, handler: () => Promise<void>) => void

type Wanted = (entry: Entry) => boolean

const isFailure = ({ level }: Pick<Entry, 'level'>): boolean => level === 'error' || level === 'fatal'

/** A filter, and in other words what it selects. */
export const filters: [Filter, Wanted][] = [
  [{}, () => true],
  [{ level: 'debug' }, () => true],
  [{ level: 'info' }, ({ level }) => level !== 'debug'],
  [{ level: 'WARNING' }, ({ level }) => ['warn', 'error', 'fatal'].includes(level)],
  [{ level: 'CRITICAL' }, ({ level }) => level === 'fatal'],
  [{ errors: true }, isFailure],
  [{ errors: true, level: 'fatal' }, ({ level }) => level === 'fatal'],
  [{ errors: false }, () => true],
  [{ kind: 'message' }, ({ kind }) => kind === 'message'],
  [{ kind: 'call' }, ({ kind }) => kind === 'call'],
  [{ function: 'price' }, ({ functionName }) => functionName === 'price'],
  [{ function: 'Price' }, () => false],
  [{ function: 'Cart.*' }, ({ functionName }) => functionName.startsWith('Cart.')],
  [{ function: 'Cart?add' }, ({ functionName }) => functionName === 'Cart.add'],
  [{ function: 'a**b' }, ({ functionName }) => functionName === 'a*b'],
  [{ function: '[render]' }, ({ functionName }) => functionName === '[render]'],
  [{ function: '[r*' }, ({ functionName }) => functionName === '[render]'],
  [{ function: 'za????' }, ({ functionName }) => functionName === 'zażółć'],
  [{ module: '*/c*' }, ({ module }) => module === 'shop/cart'],
  [{ module: '*' }, () => true],
  [{ environment: 'prod' }, ({ environment }) => environment === 'prod'],
  [{ environment: '' }, ({ environment }) => environment === undefined],
  [{ trace: 'req-3' }, ({ traceId }) => traceId === 'req-3'],
  [{ trace: 'req-*' }, () => false],
  [{ version: '1.5' }, ({ version }) => version === '1.5'],
  [{ text: 'SKU-23' }, ({ args }) => /^sku-23/.test(String(args[0]))],
  [{ text: 'miss' }, ({ kind }) => kind === 'message'],
  [{ text: 'a\n"b"' }, ({ kind }) => kind === 'call'],
  [{ text: 'ZAŻÓŁĆ' }, ({ functionName }) => functionName === 'zażółć'],
  [{ text: 'such "sku"' }, ({ exception }) => exception !== undefined],
  [{ text: 'notfound\n    AT price:7' }, ({ traceback }) => traceback !== undefined],
  [{ text: 'leak' }, ({ llmAnalysis }) => llmAnalysis !== undefined],
  [{ text: 'kaputt' }, ({ kind }) => kind === 'message'],
  [{ text: '%' }, () => false],
  [{ text: '17.5' }, ({ returnValue }) => returnValue === 17.5],
  [{ minDuration: 50.125 }, ({ durationMs = -1 }) => durationMs >= 50.125],
  [{ minDuration: '0.09s' }, ({ durationMs = -1 }) => durationMs >= 90],
  [{ since: '2026-11-22T21:30:00Z' }, ({ timestamp }) => timestamp >= Date.parse('2026-11-22T21:30Z')],
  [{ until: new Date('2026-11-22T21:30:00Z') }, ({ timestamp }) => timestamp < Date.parse('2026-11-22T21:30Z')],
  [{ since: sample[9].timestamp, until: sample[9].timestamp + 0.001 }, ({ sequence }) => sequence === 10],
  [{ since: '2026-11-22T22:30+01:00' }, ({ timestamp }) => timestamp >= Date.parse('2026-11-22T21:30Z')],
  [{ since: '2026-11-23' }, () => false],
  [
    { level: 'info', function: 'Cart.*', kind: 'call', minDuration: 20, environment: 'prod' },
    ({ level, functionName, kind, durationMs = 0, environment }) =>
      level !== 'debug' &&
      functionName.startsWith('Cart') &&
      kind === 'call' &&
      durationMs >= 20 &&
      environment === 'prod'
  ]
]

const comparisons = {
  newest: (one: Entry, other: Entry) => other.timestamp - one.timestamp || other.sequence - one.sequence,
  oldest: (one: Entry, other: Entry) => one.timestamp - other.timestamp || one.sequence - other.sequence,
  slowest: (one: Entry, other: Entry) =>
    (other.durationMs ?? 0) - (one.durationMs ?? 0) || other.sequence - one.sequence
}

export async function listOf(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const list: Entry[] = []
  for await (const one of entries) list.push(one)
  return list
}

const sequences = (entries: readonly Entry[]): number[] => entries.map(({ sequence }) => sequence)

/** What every store answers that holds the sample. */
export function storeContract(name: string, open: () => Promise<Store>, register: Register = (test) => test): void {
  const contract = suite(`store/${name}: contract`)
  const test = register(contract)
  contract.before(warmUp)

  const using = (title: string, use: (store: Store) => Promise<void>): void =>
    test(title, async () => {
      const store = await open()
      try {
        await use(store)
      } finally {
        await store.close()
      }
    })

  using('gives every entry as it was written', async (store) => {
    const text = (entries: readonly Entry[]): string => entries.map(toJson).join('\n')
    assert.is(text(await listOf(store.query())), text(sample))
    assert.is(store.skipped, 0)
  })

  using('selects what a filter says, and counts it', async (store) => {
    for (const [filter, isWanted] of slow ? filters.filter((_, index) => index % 4 === 1) : filters) {
      const expected = sequences(sample.filter(isWanted))
      assert.equal(sequences(await listOf(store.query(filter))), expected, JSON.stringify(filter))
      assert.is(await store.count({ ...filter, order: 'slowest', limit: 1 }), expected.length, JSON.stringify(filter))
    }
  })

  using('sorts, and takes as many as the limit says', async (store) => {
    for (const [order, compare] of Object.entries(comparisons)) {
      for (const [filter, isWanted] of filters.filter((_, index) => index % 5 === 0)) {
        const wanted = sample.filter((one) => isWanted(one) && (order !== 'slowest' || one.durationMs !== undefined))
        const expected = sequences(wanted.sort(compare))
        for (const limit of [undefined, 0, 7]) {
          const found = await listOf(store.query({ ...filter, order: order as 'newest', limit }))
          assert.equal(sequences(found), expected.slice(0, limit), `${order} ${limit} ${JSON.stringify(filter)}`)
        }
      }
    }
    assert.equal(sequences(await listOf(store.query({ kind: 'message', limit: 2 }))), [6, 19])
  })

  using('stops reading when nobody asks any more', async (store) => {
    for await (const { sequence } of store.query()) if (sequence === 3) break
    assert.is(await store.count(), sample.length)
  })

  using('gives statistics', async (store) => {
    for (const [filter, isWanted] of [
      ...filters.filter((_, index) => index % 10 === 0),
      [{ level: 'error', order: 'newest', limit: 1 }, isFailure] as const
    ]) {
      const wanted = sample.filter(isWanted)
      const calls = wanted.filter(({ kind }) => kind === 'call')
      const failed = calls.filter(isFailure)
      const stats = await store.stats(filter)
      assert.is(stats.calls, calls.length)
      assert.is(stats.errors, failed.length)
      assert.is(stats.messages, wanted.length - calls.length)
      assert.is(stats.errorRate, calls.length === 0 ? 0 : failed.length / calls.length)
      const times = wanted.map(({ timestamp }) => isoMicros(timestamp)).sort()
      assert.equal([stats.from, stats.to], [times[0], times.at(-1)])
      const slowest = calls.filter(({ durationMs }) => durationMs !== undefined).sort(comparisons.slowest)
      assert.equal(sequences(stats.slowest), sequences(slowest.slice(0, 10)))
      checkHours(stats.hours, calls)
      checkFunctions(stats.functions, calls)
      const failing = stats.functions.filter(({ errors }) => errors > 0).map(({ errors }) => errors)
      assert.equal(
        stats.failing.map(({ errors }) => errors),
        failing.sort((one, other) => other - one).slice(0, 10)
      )
    }
  })

  using('rejects what is no filter before anything is read', async (store) => {
    assert.throws(
      () => store.query({ funktion: 'x' } as Filter),
      /\[nfo\] \[query\] unknown field 'funktion'; did you mean 'function'/
    )
    assert.throws(() => store.follow({ since: 'yesterday' }), /since is 'yesterday'/)
  })

  contract.run()
}

function checkHours(hours: { hour: string; calls: number; errors: number }[], calls: Entry[]): void {
  const expected = new Map<string, number[]>()
  for (const { timestamp, level } of calls) {
    const hour = `${new Date(timestamp).toISOString().slice(0, 13)}:00:00+00:00`
    const [all, failed] = expected.get(hour) ?? [0, 0]
    expected.set(hour, [all + 1, failed + Number(isFailure({ level }))])
  }
  assert.equal(
    hours.map(({ hour, calls: all, errors }) => [hour, [all, errors]]),
    [...expected].sort()
  )
}

function checkFunctions(functions: Awaited<ReturnType<Store['stats']>>['functions'], calls: Entry[]): void {
  const names = new Set(calls.map(({ functionName, module }) => `${functionName} ${module}`))
  assert.is(functions.length, names.size)
  for (const { name, module, p50, p95, p99, max, mean, ...rest } of functions) {
    const own = calls.filter((call) => call.functionName === name && call.module === module)
    const durations = own.flatMap(({ durationMs }) => durationMs ?? []).sort((one, other) => one - other)
    // The least duration that so many percent of all are not above.
    const rank = (share: number): number | undefined =>
      durations.find((one) => durations.filter((other) => other <= one).length >= share * durations.length)
    assert.equal([rest.calls, p50, p95, p99, max], [own.length, rank(0.5), rank(0.95), rank(0.99), durations.at(-1)])
    const average = durations.reduce((sum, duration) => sum + duration, 0) / durations.length
    assert.ok(mean === undefined ? durations.length === 0 : Math.abs(mean - average) < 1e-9)
  }
  assert.equal(
    functions.map((one) => one.calls),
    functions.map((one) => one.calls).sort((one, other) => other - one)
  )
}
