import * as assert from 'uvu/assert'
import type { Tab } from './_chromium.ts'
import { suiteOfVisits, until } from './_visits.ts'

const { pages, test, visits } = suiteOfVisits('browser/page')

interface Failure {
  functionName: string
  level: string
  exceptionType?: string
  exception?: string
  traceback?: string
}

const failuresIn = (tab: Tab): Promise<Failure[]> =>
  tab.evaluate(`page.logger.flush().then(() => page.logger.dump().filter(({ level }) => level === 'error'))`)

test('errors and rejections that nobody catches become entries, and stay what they are', async () => {
  const tab = await visits.visit()
  await tab.evaluate(`new Promise((done) => {
    globalThis.seen = []
    globalThis.onerror = (message) => void seen.push(message)
    globalThis.onunhandledrejection = ({ reason }) => void seen.push(reason.message)
    setTimeout(function failing() { throw new RangeError('too early') }, 1)
    setTimeout(() => void Promise.reject(new TypeError('not kept')), 2)
    setTimeout(done, 50)
  })`)
  const [error, rejection] = await failuresIn(tab)
  assert.equal(
    [error.functionName, error.exceptionType, error.exception],
    ['window.onerror', 'RangeError', 'too early']
  )
  assert.match(error.traceback as string, /at failing/)
  assert.equal(
    [rejection.functionName, rejection.exceptionType, rejection.exception],
    ['unhandledrejection', 'TypeError', 'not kept']
  )
  assert.equal(await tab.evaluate('seen'), ['Uncaught RangeError: too early', 'not kept'])
  assert.is(tab.printed.filter((text) => /too early|not kept/.test(text)).length, 2, 'the browser reports both')
  await until(() => visits.lines().length === 2)
  assert.equal(
    visits.lines().map(({ exception, args }) => [exception, args]),
    [
      ['too early', ['/page/page.js']],
      ['not kept', ['/page/page.js']]
    ]
  )
  await tab.close()
})

test('a script of another origin fails with its message; what is thrown need not be an error', async () => {
  const tab = await visits.visit()
  await tab.evaluate(`dispatchEvent(new ErrorEvent('error', { message: 'Script error.' })),
    dispatchEvent(new ErrorEvent('error', { message: 'Uncaught 7', error: 7 })),
    dispatchEvent(new ErrorEvent('error', { message: 'odd', filename: 'https://a.example/x.js', lineno: 3, colno: 9 }))`)
  const [foreign, seven, odd] = await failuresIn(tab)
  assert.is(foreign.exception, 'Script error.')
  assert.is(seven.exception, '7')
  assert.match(odd.traceback as string, 'at https://a.example/x.js:3:9')
  await tab.close()
})

test('nfo.dump() prints a tree; without expose there is no global', async () => {
  const tab = await visits.visit({ expose: true })
  await tab.evaluate('page.outer(1), void page.hang(), nfo.dump()')
  const lines = tab.printed.join('\n').split('\n')
  assert.match(lines[0], /DEBUG outer\(\w+: 1\) → '5 1'/)
  assert.match(lines[1], /DEBUG {3}work\(\w+: 1, \w+: 'inner'\) → '5 1'/)
  assert.match(lines[2], /hang\(\) … still running/)
  assert.is(await tab.evaluate('nfo.entries().length'), 3)
  await tab.evaluate('nfo.crash()')
  assert.is(tab.printed.at(-1), 'no visit has ended badly')
  assert.is(await tab.evaluate('page.again() === page.logger'), true)
  await tab.evaluate('page.stop()')
  assert.is(await tab.evaluate('typeof nfo'), 'undefined')
  await tab.close()
  const other = await visits.visit({ expose: 'recorder' })
  assert.is(await other.evaluate('[typeof nfo, typeof recorder.dump].join()'), 'undefined,function')
  await other.close()
})

interface Left {
  reason: string
  path: string
  visit: string
  entries: { functionName: string; open?: boolean; args: unknown[]; exception?: string }[]
}

const lastCrash = async (wishes: Record<string, unknown> = {}): Promise<[Left | null, Tab]> => {
  const tab = await visits.visit(wishes)
  return [await tab.evaluate('page.lastCrash.then((crash) => crash ?? null)'), tab]
}

/** Of the visits in IndexedDB, as nothing else says that one is saved. */
const SAVED = `page.lastCrash.then(() => new Promise((done) => {
  const opening = indexedDB.open('nfo')
  opening.onsuccess = () => {
    const asking = opening.result.transaction('visits').objectStore('visits').getAll()
    asking.onsuccess = () => (opening.result.close(), done(asking.result.map(({ lines }) => lines.length)))
  }
}))`

const isSaved = (tab: Tab, lines: number) => async (): Promise<boolean> =>
  ((await tab.evaluate(SAVED)) as number[]).includes(lines)

test('a tab that is killed: the next visit has its calls, and sends them', async () => {
  const tab = await visits.visit({ crash: 50, interval: 60_000 })
  await tab.evaluate('page.record(20), void page.hang()')
  await until(isSaved(tab, 21))
  const [none, other] = await lastCrash()
  assert.is(none, null, 'while it lives it is nobody else\u2019s crash')
  await other.close()
  await tab.crash()
  const [left, next] = await lastCrash()
  assert.equal([left?.reason, left?.path, left?.entries.length], ['killed', '/page/page.js', 21])
  assert.equal([left?.entries[20].functionName, left?.entries[20].open], ['hang', true])
  await until(() => visits.lines().length === 21)
  const { open, extra } = visits.lines()[20]
  assert.equal([open, extra.crash, extra.visit], [true, 'killed', left?.visit])
  await next.close()
  const [again, last] = await lastCrash()
  assert.is(again, null)
  await last.close()
})

test('what is not caught is a crash, also of a page that is closed', async () => {
  const tab = await visits.visit({ crash: 60_000, expose: true })
  await tab.evaluate('page.lastCrash')
  await tab.evaluate(`new Promise((done) => {
    page.record(3)
    setTimeout(() => { throw new Error('broken') }, 1)
    setTimeout(done, 20)
  })`)
  await tab.close()
  const [left, next] = await lastCrash({ expose: true })
  assert.is(left?.reason, 'error')
  assert.equal(
    left?.entries.map(({ functionName, exception }) => `${functionName} ${exception}`),
    ['work undefined', 'work undefined', 'work undefined', 'window.onerror broken']
  )
  await next.evaluate('nfo.crash()')
  assert.match(next.printed.at(-1) as string, /^\/page\/page\.js, 20\d\d-.*, error\n.*work\([\s\S]*✗ Error: broken/)
  await next.close()
})

/** Keeps a store busy, so that nothing else is written to it until the page is gone. */
const busy = (database: string, name: string): string => `new Promise((done) => {
  const opening = indexedDB.open('${database}')
  opening.onsuccess = () => {
    const store = opening.result.transaction('${name}', 'readwrite').objectStore('${name}')
    const ask = () => {
      store.get('any').onsuccess = ask
      done()
    }
    ask()
  }
})`

test('a page that is closed leaves no crash, also when what is saved cannot be taken back', async () => {
  for (const before of ['0', busy('nfo', 'visits')]) {
    const open = await visits.visit({ crash: 20 })
    await open.evaluate('page.record(5)')
    await until(isSaved(open, 5))
    await open.evaluate(before)
    await open.close()
    const [left, next] = await lastCrash()
    assert.is(left, null)
    await next.close()
  }
  const tab = await visits.visit()
  await tab.evaluate('page.lastCrash')
  assert.is(await tab.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('nfo ended')).length"), 0)
  await tab.close()
})

test('a page that is hidden when it is killed leaves no crash', async () => {
  const tab = await visits.visit({ crash: 20 })
  await tab.evaluate('page.record(5)')
  await until(isSaved(tab, 5))
  await tab.evaluate(`Object.defineProperty(document, 'visibilityState', { value: 'hidden' }),
    dispatchEvent(new Event('visibilitychange'))`)
  await until(async () => !(await isSaved(tab, 5)()))
  await tab.crash()
  const [left, next] = await lastCrash()
  assert.is(left, null)
  await next.close()
})

const rowsIn = (tab: Tab): Promise<number[]> =>
  tab
    .evaluate(`JSON.parse('[' + page.database.all('SELECT args FROM logs ORDER BY id').rows.join() + ']')`)
    .then((rows) => (rows as [number][]).map(([number]) => number))

const firsts = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

test('SQLite: what was written is there at the next visit, also when the tab was closed or killed', async () => {
  const wishes = { sqlite: 'kept', url: undefined, crash: false }
  const tab = await visits.visit(wishes)
  await tab.evaluate('page.record(100), page.logger.flush()')
  await tab.crash()
  const second = await visits.visit({ ...wishes, interval: 60_000 })
  assert.equal(await rowsIn(second), firsts(100))
  await second.evaluate('page.record(50)')
  await second.close()
  const third = await visits.visit(wishes)
  assert.equal(await rowsIn(third), [...firsts(100), ...firsts(50)])
  // Saves the whole; the journal begins anew.
  await third.evaluate('page.record(10), page.logger.close()')
  const asked = 'page.openStore(page.database).stats().then(({ calls }) => calls)'
  assert.is(await third.evaluate(asked), 160)
  await third.close()
  const fourth = await visits.visit(wishes)
  assert.equal(await rowsIn(fourth), [...firsts(100), ...firsts(50), ...firsts(10)])
  await fourth.close()
})

test('SQLite: what IndexedDB has no time for is there at the next visit, once', async () => {
  const wishes = { sqlite: 'hurried', url: undefined, crash: false }
  for (const before of ['0', busy('nfo sqlite hurried', 'journal')]) {
    await visits.clear()
    const tab = await visits.visit({ ...wishes, interval: 60_000 })
    await tab.evaluate(before)
    await tab.evaluate('page.record(50)')
    await tab.close()
    for (let turn = 0; turn < 2; turn++) {
      const next = await visits.visit(wishes)
      assert.equal(await rowsIn(next), firsts(50), before)
      assert.is(await next.evaluate('localStorage.length'), 0)
      await next.close()
    }
  }
})

test('SQLite: two tabs write, and the next visit has the rows of both', async () => {
  const wishes = { sqlite: 'shared', url: undefined, crash: false }
  const tabs = [await visits.visit(wishes), await visits.visit(wishes)]
  for (const tab of tabs) await tab.evaluate('page.record(20), page.logger.flush()')
  for (const tab of tabs) await tab.evaluate('page.logger.close()')
  for (const tab of tabs) await tab.close()
  const next = await visits.visit(wishes)
  assert.equal((await rowsIn(next)).sort(), [...firsts(20), ...firsts(20)].sort())
  await next.close()
})

pages.run()
