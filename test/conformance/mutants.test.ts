import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { has, skipUnless } from '../_run/runtime.ts'
import { dom } from './dom.ts'
import { mutants } from './mutants/index.ts'
import { killersOf } from './mutants/killers.ts'

const test = suite('conformance, wraps that are wrong, on a page')
const onPage = skipUnless(test, has.dom, 'no DOM')
const wrongs = ['loses this', 'drops new.target', 'marks arguments', 'returns what it records instead of the result']

onPage('every case of the DOM is failed by one of them', async () => {
  const killed = new Set<string>()
  for (const mutant of mutants.filter(({ name }) => wrongs.includes(name))) {
    for (const title of await killersOf(mutant, new Set([dom.name]))) killed.add(title)
  }
  const titles = Object.keys(dom.checks).map((name) => `${dom.name}: ${name}`)
  assert.equal(
    titles.filter((title) => !killed.has(title)),
    []
  )
})

test.run()
