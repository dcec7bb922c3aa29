import * as assert from 'uvu/assert'
import type { Tab } from './_chromium.ts'
import { type Line, suiteOfVisits, until } from './_visits.ts'

const { pages, test, visits } = suiteOfVisits('browser/beacon')

/** The numbers of the calls that arrived, in order. */
const numbers = (lines: readonly Line[]): number[] =>
  lines.map(({ args }) => args[0] as number).sort((one, other) => one - other)

/** Each of the first calls is there, once. */
function assertAll(count: number, what = ''): void {
  const found = numbers(visits.lines())
  const missing = firsts(count).filter((number) => !found.includes(number))
  assert.equal({ missing, found: found.length }, { missing: [], found: count }, what)
}

const firsts = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

const storedIn = (tab: Tab): Promise<number> =>
  tab.evaluate(`Object.keys(localStorage).filter((key) => key.startsWith('nfo ')).length`)

/** What the browser sends on for a closed page has arrived. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300))

/** What the next visits send: until nothing is stored any more. */
async function visitAgain(wishes: Record<string, unknown> = {}): Promise<void> {
  const tab = await visits.visit(wishes)
  await until(async () => (await storedIn(tab)) === 0)
  await tab.close()
}

const ENTRIES = 5000
const BEACON_LIMIT = 65_536
const bytesOf = (lines: readonly Line[]): number => lines.reduce((sum, line) => sum + JSON.stringify(line).length, 0)

/** The page says how many calls it had made when it was closed. */
const COUNT_AT_END = "addEventListener('pagehide', () => localStorage.setItem('count', page.count()))"

test('a tab that is closed half-way: all is at the server, or stored for the next visit', async () => {
  const { site } = visits
  site.delay = 40
  const tab = await visits.visit()
  await tab.evaluate(`${COUNT_AT_END}, void page.recordSlowly(${ENTRIES}, 50)`)
  await until(() => tab.evaluate(`page.count() > ${ENTRIES / 2}`))
  await tab.close()
  await settled()
  const before = visits.lines()
  site.delay = 0
  const next = await visits.visit()
  const count = Number(await next.evaluate('localStorage.count'))
  await until(async () => (await storedIn(next)) === 0)
  await next.close()
  const found = numbers(visits.lines())
  assert.ok(count < ENTRIES, 'half-way')
  assert.ok(before.length < count, 'not all of it fits into a beacon')
  // What the browser took, arrived; so nothing is lost here. The browser's word is all there is: 64 KiB might be.
  const lost = firsts(count).filter((number) => !found.includes(number))
  assert.ok((lost.length * bytesOf(before)) / before.length <= BEACON_LIMIT, `${lost.length} of ${count} lost`)
  assert.is(new Set(found).size, found.length, 'nothing comes twice')
})

test('a tab that is closed while the service is down: the next visit sends it', async () => {
  const { site } = visits
  for (const status of [503, 0]) {
    site.status = status
    site.posts.clear()
    const tab = await visits.visit()
    await tab.evaluate(`page.record(${ENTRIES})`)
    await until(async () => (await storedIn(tab)) > 0)
    await tab.close()
    assert.equal(visits.lines(), [])
    site.status = 200
    await visitAgain()
    assertAll(ENTRIES, `status ${status}`)
  }
})

test('a service that is back is found again, without a new visit; the ledger is exact', async () => {
  const { site } = visits
  site.status = 503
  const tab = await visits.visit({ beacon: { backoff: 50 } })
  await tab.evaluate('page.record(300)')
  await until(async () => (await storedIn(tab)) > 0)
  await tab.evaluate('page.record(300)')
  site.status = 200
  await until(() => visits.lines().length === 600)
  assertAll(600)
  const { accepted, delivered, dropped, failed, pending } =
    await tab.evaluate<Record<string, number>>('page.logger.flush()')
  assert.equal([accepted, delivered, dropped, failed, pending], [600, 600, 0, 0, 0])
  await tab.close()
})

test('what there is no room for waits in memory, and fails when the logger is closed', async () => {
  const { site } = visits
  site.status = 503
  const tab = await visits.visit({ beacon: { backoff: 30_000, stored: 20_000 } })
  await tab.evaluate('page.record(300)')
  const { accepted, delivered, failed, pending } = await tab.evaluate<Record<string, number>>(
    'page.logger.close({ timeoutMs: 500 })'
  )
  assert.equal([accepted, delivered, failed, pending], [300, 0, 300, 0])
  assert.is(await storedIn(tab), 1)
  await tab.close()
})

test('what the service will never take has failed, and is not stored', async () => {
  visits.site.status = 400
  const tab = await visits.visit()
  await tab.evaluate('page.record(10)')
  const { failed } = await tab.evaluate<Record<string, number>>('page.logger.flush()')
  assert.is(failed, 10)
  assert.is(await storedIn(tab), 0)
  assert.match(tab.printed.join(), /\[nfo\].* answered 400; check the URL/)
  await tab.close()
})

for (const [name, wishes] of Object.entries({
  'without sendBeacon': { without: ['sendBeacon'] },
  'with headers': { beacon: { headers: { authorization: 'x' } } }
})) {
  test(`${name} a request with keepalive takes what is left`, async () => {
    // So that nothing is posted before the end.
    const tab = await visits.visit({ interval: 60_000, ...wishes })
    await tab.evaluate('page.record(150)')
    await tab.close()
    await until(() => visits.lines().length === 150, 2000)
    assertAll(150)
    await visitAgain()
    assert.is(visits.lines().length, 150)
  })
}

test('without a storage, what a beacon holds arrives', async () => {
  const tab = await visits.visit({ interval: 60_000, without: ['localStorage'] })
  await tab.evaluate('page.record(150)')
  await tab.close()
  await until(() => visits.lines().length === 150, 2000)
  assertAll(150)
})

test('a page that is only hidden goes on', async () => {
  const tab = await visits.visit({ interval: 60_000 })
  await tab.evaluate('page.record(1000)')
  await tab.evaluate(`Object.defineProperty(document, 'visibilityState', { value: 'hidden' }),
    dispatchEvent(new Event('visibilitychange'))`)
  await tab.evaluate('page.record(10)')
  await until(() => visits.lines().length === 1000)
  await tab.evaluate('page.logger.flush()')
  assertAll(1010)
  await tab.close()
})

test('two tabs that open at once send what is stored once', async () => {
  const { site } = visits
  site.status = 503
  const tab = await visits.visit()
  await tab.evaluate('page.record(1000)')
  await until(async () => (await storedIn(tab)) > 0)
  await tab.close()
  Object.assign(site, { status: 200, delay: 20 })
  const tabs = await Promise.all([visits.visit(), visits.visit()])
  await until(async () => (await storedIn(tabs[0])) === 0)
  assertAll(1000)
  for (const one of tabs) await one.close()
})

test('a visit and a sequence name an entry', async () => {
  for (let turn = 0; turn < 2; turn++) {
    const tab = await visits.visit()
    await tab.evaluate('page.record(3), page.logger.flush()')
    await tab.close()
  }
  const names = visits.lines().map(({ sequence, extra }) => `${extra.visit} ${sequence}`)
  assert.is(new Set(names).size, 6)
  assert.is(new Set(names.map((text) => text.split(' ')[0])).size, 2)
  assert.match(names[0], /^[\da-f]{16} \d+$/)
})

pages.run()
