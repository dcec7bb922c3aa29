import { copyFileSync, existsSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch } from '../_run/runtime.ts'
import { script, start } from './_fileChildren.ts'
import { names, parts } from './_files.ts'

const HEAD = 'HEAD\n'

/** Writes numbered lines in batches of all sizes, at full rate. */
const WRITER = `
const { path, options, id, lines, from } = request
const target = openTarget(path, { part: 'log', ...options })
while (Date.now() < from) {}
for (let index = 0; index < lines; ) {
  const batch = []
  const end = Math.min(lines, index + 1 + ((index * 7) % 40))
  for (; index < end; index++) batch.push(id + ' ' + index + ' ' + 'x'.repeat(index % 90) + '\\n')
  target.write(batch)
}
await target.close()
`

/** Writes a line every other millisecond until it is told to stop; SIGHUP is the app's own affair. */
const STEADY = `
const { path, options } = request
const target = openTarget(path, { part: 'log', ...options })
process.on('SIGHUP', () => say('SIGHUP'))
let index = 0
const timer = setInterval(() => {
  target.write([index++ + '\\n'])
  if (index === 50) say('ready')
}, 2)
process.on('SIGTERM', () => {
  clearInterval(timer)
  target.close()
  say(index)
  process.exit(0)
})
`

/** The numbers in each process's lines,  every file has to begin with its head. */
function indexesById(texts: string[]): Record<string, number[]> {
  const found: Record<string, number[]> = {}
  for (const text of texts) {
    assert.is(text.split(HEAD).length, 2, 'one head a file')
    assert.ok(text.startsWith(HEAD))
    const last: Record<string, number> = {}
    for (const line of text.slice(HEAD.length).split('\n').slice(0, -1)) {
      const [, id, index, filling] = /^(\w) (\d+) (x*)$/.exec(line) ?? []
      assert.is(filling?.length, Number(index) % 90, `torn: ${line}`)
      assert.ok(!(id in last) || last[id] < Number(index), 'in order')
      last[id] = Number(index)
      found[id] = [...(found[id] ?? []), Number(index)]
    }
  }
  return found
}

const size = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

/** Waits until a file has some lines. */
async function grown(path: string): Promise<void> {
  while (size(path) < HEAD.length + 50) await pause(5)
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

const test = suite('sinks/sharing')

const LINES = 6000

for (const [one, other, gzip] of [
  ['node', 'node', false],
  ['node', 'deno', false],
  ['bun', 'deno', true],
  ['bun', 'node', true]
] as const) {
  test(`${one} and ${other} on one file${gzip ? ', gzip' : ''}: every line once, whole, and in order within a file; one head a file`, async () => {
    const path = `${scratch('sharing')}/app.log`
    const file = await script(WRITER)
    const options = { maxBytes: 5000, keep: Number.POSITIVE_INFINITY, head: HEAD, gzip }
    const from = Date.now() + 600
    const children = [one, other].map((runtime, index) =>
      start(runtime, file, { path, options, id: 'ab'[index], lines: LINES, from })
    )
    for (const { ended } of children) {
      const { code, stderr } = await ended
      assert.is(stderr, '')
      assert.is(code, 0)
    }
    const found = indexesById(await parts(path))
    for (const id of ['a', 'b']) {
      const missing = numbers(LINES).filter((index) => !found[id].includes(index))
      assert.equal({ missing, count: found[id].length }, { missing: [], count: LINES })
    }
    assert.ok((await names(path)).length > 100)
    if (gzip) assert.ok((await names(path)).every((name) => name === 'app.log' || name.endsWith('.log.gz')))
  })
}

for (const runtime of ['node', 'deno', 'bun']) {
  test(`${runtime}: logrotate moves the file, with and without SIGHUP, or copies and truncates it`, async () => {
    const path = `${scratch('logrotate')}/app.log`
    const facts: unknown[] = []
    let ready = (): void => {}
    const isReady = new Promise<void>((resolve) => {
      ready = resolve
    })
    const child = start(runtime, await script(STEADY), { path, options: { head: HEAD } }, (fact) => {
      facts.push(fact)
      ready()
    })
    await isReady
    await grown(path)
    renameSync(path, `${path}.1`)
    child.kill('SIGHUP')
    await grown(path)
    renameSync(path, `${path}.2`)
    await grown(path)
    child.kill('SIGSTOP')
    await pause(20)
    copyFileSync(path, `${path}.3`)
    truncateSync(path)
    child.kill('SIGCONT')
    await grown(path)
    child.kill('SIGTERM')
    const { code, stderr } = await child.ended
    assert.is(stderr, '')
    assert.is(code, 0)
    const count = facts.at(-1) as number
    assert.equal(facts.slice(0, -1), ['ready', 'SIGHUP'])
    const texts = [`${path}.1`, `${path}.2`, `${path}.3`, path].map((name) => readFileSync(name, 'utf8'))
    for (const text of texts) assert.ok(text.startsWith(HEAD) && text.length > HEAD.length + 10)
    assert.is(
      texts.map((text) => text.slice(HEAD.length)).join(''),
      numbers(count)
        .map((index) => `${index}\n`)
        .join('')
    )
  })
}

test.run()
