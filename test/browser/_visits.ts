import { join } from 'node:path'
import { build } from 'esbuild'
import { suite } from 'uvu'
import { chromium } from '../_run/binaries.mjs'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { type Browser, startChromium, type Tab } from './_chromium.ts'
import { makeProject, publish } from './_project.ts'
import { type Site, startSite } from './_site.ts'

export type Line = Record<string, unknown> & { args: unknown[]; sequence: number; extra: Record<string, unknown> }

/** A site with the page of `fixtures/page.js`, and a browser. */
export interface Visits {
  readonly site: Site
  readonly browser: Browser
  /** Opens the page; `wishes` are options of `recordPage`, and those of the fixture. */
  visit(wishes?: Record<string, unknown>): Promise<Tab>
  /** Lines of all posts. */
  lines(path?: string): Line[]
  /** Forgets what was posted, and what the browser has stored. */
  clear(): Promise<void>
  close(): Promise<void>
}

async function startVisits(binary: string): Promise<Visits> {
  const project = makeProject()
  const out = scratch('page')
  const entryPoints = [join(project, 'page.js')]
  await build({ entryPoints, outdir: out, bundle: true, format: 'esm', platform: 'browser', logLevel: 'error' })
  const [site, browser] = await Promise.all([startSite(), startChromium(binary, scratch('profile'))])
  publish(site, out, '')
  const tabs = new Set<Tab>()

  async function open(url: string): Promise<Tab> {
    const tab = await browser.open(url)
    const close = async (): Promise<void> => {
      tabs.delete(tab)
      await tab.close()
    }
    const crash = async (): Promise<void> => {
      tabs.delete(tab)
      await tab.crash()
    }
    tabs.add(tab)
    return { ...tab, close, crash }
  }

  const address = (wishes: Record<string, unknown>): string =>
    `${site.origin}/page/page.js?wishes=${encodeURIComponent(JSON.stringify({ url: '/logs', ...wishes }))}`

  return {
    site,
    browser,
    async visit(wishes = {}) {
      const tab = await open(address(wishes))
      await tab.evaluate('ready')
      return tab
    },
    lines: (path = '/logs') =>
      (site.posts.get(path) ?? []).flatMap((body) => body.trimEnd().split('\n')).map((line) => JSON.parse(line)),
    async clear() {
      Object.assign(site, { status: 200, delay: 0 })
      // Of tests that failed.
      for (const left of tabs) await left.close()
      tabs.clear()
      const tab = await browser.open(`${site.origin}/page/nothing.js`)
      await tab.evaluate(`(async () => {
        localStorage.clear()
        for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
      })()`)
      await tab.close()
      site.posts.clear()
    },
    async close() {
      await browser.close()
      await site.close()
    }
  }
}

/** Waits until it is so; what it has come to when it takes too long. */
export async function until(isSo: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const end = performance.now() + ms
  while (!(await isSo()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** A suite whose tests visit the page in one browser, each with nothing left of the ones before; skipped without a browser. */
export function suiteOfVisits(name: string): {
  pages: ReturnType<typeof suite>
  test: ReturnType<typeof skipUnless>
  visits: Visits
} {
  const pages = suite(name)
  const binary = chromium()
  // Filled in before the first test.
  const visits = {} as Visits
  pages.before(async () => {
    if (binary) Object.assign(visits, await startVisits(binary))
  })
  pages.before.each(() => visits.clear?.())
  pages.after(() => visits.close?.())
  const test = skipUnless(pages, binary !== undefined, 'no Chromium; apt-get install chromium-headless-shell')
  return { pages, test, visits }
}
