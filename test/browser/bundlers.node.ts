import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chromium } from '../_run/binaries.mjs'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundlers } from './_bundlers.ts'
import { type Browser, startChromium, type Tab } from './_chromium.ts'
import { makeProject, publish } from './_project.ts'
import { type Site, startSite } from './_site.ts'

const test = suite('browser/bundlers')
const binary = chromium()
const inChromium = skipUnless(test, binary !== undefined, 'no Chromium; apt-get install chromium-headless-shell')

let browser: Browser
let site: Site
let project: string

test.before(async () => {
  if (!binary) return
  site = await startSite()
  browser = await startChromium(binary, scratch('profile'))
  project = makeProject()
})
test.after(async () => {
  await browser?.close()
  await site?.close()
})

const FAILURE = 'cannot price 0 of cup'

/** What each fixture does, and leaves at the server at that path. */
const CHECKS: Record<string, (tab: Tab, path: string) => Promise<void>> = {
  async memory(tab) {
    assert.equal(await tab.evaluate('outcome'), ['tea,2 undefined', `cup,0 ${FAILURE}`])
  },
  async console(tab) {
    assert.is(await tab.evaluate('outcome'), 2)
    assert.is(tab.printed.length, 2)
    assert.match(tab.printed[0], /price\((\w+: )?'tea', (\w+: )?2\) → 19/)
    assert.match(tab.printed[1], /✗ RangeError: cannot price 0 of cup/)
  },
  async json(tab) {
    const lines = await tab.evaluate<Record<string, unknown>[]>('outcome')
    assert.equal(
      lines.map(({ args, exception }) => [args, exception]),
      [
        [['tea', 2], undefined],
        [['cup', 0], FAILURE]
      ]
    )
  },
  async sqlite(tab) {
    assert.equal(await tab.evaluate('outcome'), [
      ['price', '["tea",2]', null],
      ['price', '["cup",0]', FAILURE]
    ])
    await tab.evaluate(`new Promise((done) => { indexedDB.deleteDatabase('nfo sqlite calls'); done() })`)
  },
  async webhook(tab, path) {
    assert.is(await tab.evaluate('outcome'), 2)
    const [body] = site.posts.get(`/posts/page${path}`) ?? []
    assert.equal(
      JSON.parse(body).map(({ exception }: { exception: string }) => exception),
      [FAILURE]
    )
  }
}

for (const [name, bundle] of Object.entries(bundlers)) {
  let isBuilt = false

  inChromium(`${name} bundles every fixture, and warns of nothing`, async () => {
    const out = scratch(name)
    assert.equal(await bundle(project, Object.keys(CHECKS), out), [])
    publish(site, out, `/${name}`)
    isBuilt = true
  })

  for (const [sink, check] of Object.entries(CHECKS)) {
    inChromium(`${name}: ${sink} runs`, async () => {
      assert.ok(isBuilt, `${name} has built nothing`)
      const tab = await browser.open(`${site.origin}/page/${name}/${sink}.js`)
      try {
        await check(tab, `/${name}/${sink}.js`)
      } finally {
        await tab.close()
      }
    })
  }
}

test.run()
