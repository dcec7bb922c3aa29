import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, Sink } from '../../src/core/types.ts'
import { markdownHead, toMarkdown } from '../../src/formats/markdown.ts'
import { markdownSink } from '../../src/sinks/markdown.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { type Member, sinkContract } from './_contract.ts'
import { printed } from './_runtime.ts'

const section = (given: Entry): string => `${toMarkdown(given)}\n\n`

/** Markdown cannot be read back: of what the sink was given, this finds the entries whose sections stand in the text, in order. */
function remembering(inner: Sink, contents: () => string | Promise<string>): Member {
  const given: Entry[] = []
  const write: Sink['write'] = (entries) => {
    given.push(...entries)
    return inner.write(entries)
  }
  async function read(): Promise<Entry[]> {
    const text = await contents()
    assert.ok(text === '' || text.startsWith(markdownHead))
    let rest = text.slice(markdownHead.length)
    const missing = given.findIndex((one) => {
      const isNext = rest.startsWith(section(one))
      if (isNext) rest = rest.slice(section(one).length)
      return !isNext
    })
    assert.is(rest, '')
    return missing < 0 ? given : given.slice(0, missing)
  }
  return { sink: { ...inner, write }, read }
}

sinkContract('markdown to a writer', async () => {
  let text = ''
  return remembering(
    markdownSink((more) => (text += more)),
    () => text
  )
})

sinkContract(
  'markdown to a file',
  async () => {
    const path = scratch('contract.md')
    return remembering(markdownSink(path), () => contents(path))
  },
  (contract) => skipUnless(contract, has.files, 'no file system')
)

const test = suite('sinks/markdown')
const onDisk = skipUnless(test, has.files, 'no file system')
const call = (name: string): Entry => entry({ functionName: name })

async function contents(path: string): Promise<string> {
  const { existsSync, readFileSync } = await import('node:fs')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

test('gives a writer whole sections, the title before the first', () => {
  const texts: string[] = []
  const sink = markdownSink((text) => texts.push(text))
  sink.write([])
  sink.write([call('a'), call('b')])
  sink.write([call('c')])
  assert.equal(texts, [`# Logs\n\n${section(call('a'))}${section(call('b'))}`, section(call('c'))])
})

test('prints to standard output for -', async () => {
  const expected = `stdout: # Logs\n\n${toMarkdown(call('a'))}\n`
  assert.equal(await printed({}, () => markdownSink('-').write([call('a')])), [expected])
})

onDisk('writes the title once a file, also when it is opened again', async () => {
  const path = scratch('again.md')
  for (const name of ['a', 'b']) {
    const sink = markdownSink(path)
    sink.write([call(name)])
    sink.close?.()
  }
  assert.is(await contents(path), markdownHead + section(call('a')) + section(call('b')))
})

onDisk('begins a section on a new line when the last one is torn', async () => {
  const { writeFileSync } = await import('node:fs')
  const path = scratch('torn.md')
  const torn = section(entry({ traceback: 'Error\n    at f' })).slice(0, -20)
  writeFileSync(path, markdownHead + torn)
  const sink = markdownSink(path)
  sink.write([call('a')])
  sink.close?.()
  assert.is(await contents(path), `${markdownHead}${torn}\n${section(call('a'))}`)
})

onDisk('names the file, the reason and the fix when it cannot write', async () => {
  const { mkdirSync } = await import('node:fs')
  const folder = scratch('a-folder')
  mkdirSync(folder)
  assert.throws(
    () => markdownSink(folder).write([call('a')]),
    /^\[nfo\] \[markdown\] cannot open .+; name a file, not a folder$/
  )
})

test.run()
