import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chromium } from '../_run/binaries.mjs'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { startChromium } from './_chromium.ts'
import { until } from './_visits.ts'

const suiteOfExample = suite('browser/example')
const binary = chromium()
const test = skipUnless(suiteOfExample, binary !== undefined, 'no Chromium; apt-get install chromium-headless-shell')

let server: ChildProcess
let printed = ''

suiteOfExample.before(async () => {
  if (!binary) return
  const env = { ...process.env, PORT: '0' }
  server = spawn(process.execPath, ['examples/browser/server.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  server.stdout?.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  await until(() => printed.includes('open '))
})
suiteOfExample.after(() => void server?.kill())

test('the example posts its calls when it is closed, and shows what went wrong', async () => {
  const url = /http:\S+/.exec(printed)?.[0] as string
  const browser = await startChromium(binary as string, scratch('profile'))
  try {
    const tab = await browser.open(url)
    await tab.evaluate('nfo.crash()')
    await tab.evaluate(`document.querySelector('#buy').click(), document.querySelector('#break').click()`)
    await tab.evaluate('nfo.dump()')
    await tab.close()
    await until(() => printed.includes('window.onerror'))
    const next = await browser.open(url)
    await until(() => next.evaluate(`document.querySelector('#left').textContent !== ''`))
    assert.is(await next.evaluate(`document.querySelector('#left').textContent`), 'Last time, cannot price 0 of cup.')
    assert.match(tab.printed.join('\n'), /buy\(sku: 'tea', count: 2\).*\n.* {2}price\(/)
  } finally {
    await browser.close()
  }
  assert.match(printed, /DEBUG price \["tea",2\] 19\n/)
  assert.match(printed, /INFO {2}\["bought"\]/)
  assert.match(printed, /ERROR window\.onerror \["\/"\] cannot price 0 of cup/)
})

suiteOfExample('the chapter names every option', () => {
  const chapter = readFileSync('docs/browser.md', 'utf8')
  for (const file of ['src/browser/recordPage.ts', 'src/sinks/beacon.ts']) {
    const [, members] = /interface \w+Options[^{]*\{([\s\S]*?)\n\}/.exec(readFileSync(file, 'utf8')) as RegExpExecArray
    for (const [, name] of members.matchAll(/^ {2}(\w+)\?:/gm)) assert.match(chapter, `| \`${name}\` |`)
  }
})

suiteOfExample.run()
