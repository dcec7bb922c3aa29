import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { wrap, wrapCatch } from 'nfo'

/** The Markdown files of a folder and its subfolders, but for dependencies and what is built. */
export const findPages = wrap(async (folder) => {
  const entries = await readdir(folder, { withFileTypes: true })
  const left = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules' && name !== 'dist')
  const pages = left.filter(({ name }) => name.endsWith('.md')).map(({ name }) => join(folder, name))
  const folders = left.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  const below = await Promise.all(folders.map((name) => findPages(name)))
  return pages.concat(...below).sort()
}, 'findPages')

/** The links of a page to other files; those to the web are left out. */
export const linksOf = wrap(function linksOf(text) {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
  return targets.filter((target) => !/^[a-z]+:/i.test(target))
})

/** The headings of a page, as links name them. */
export const anchorsOf = wrap(function anchorsOf(text) {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase())
  return headings.map((heading) => heading.replace(/[^\p{L}\d\s_-]/gu, '').replaceAll(' ', '-'))
})

/** What a page links to, and what can be linked to in it. */
export const outline = wrap(function outline(text) {
  return { links: linksOf(text), anchors: anchorsOf(text) }
})

/** Throws for a link that leads nowhere. */
export const checkLink = wrap(async function checkLink(page, link) {
  const [path, anchor] = link.split('#')
  const file = path ? join(dirname(page), path) : page
  await stat(file)
  if (!anchor || !file.endsWith('.md')) return file
  const { anchors } = outline(await readFile(file, 'utf8'))
  if (!anchors.includes(anchor)) throw new RangeError(`${file} has no heading #${anchor}`)
  return file
})

const checkLinkOrTell = wrapCatch(checkLink, { fallback: (error, _page, link) => ({ link, problem: error.message }) })

/** The links of one page that lead nowhere. */
export const checkPage = wrap(async function checkPage(page) {
  const { links } = outline(await readFile(page, 'utf8'))
  const results = await Promise.all(links.map((link) => checkLinkOrTell(page, link)))
  return { page, links: links.length, broken: results.filter((result) => typeof result === 'object') }
})
