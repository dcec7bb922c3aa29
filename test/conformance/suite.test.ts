import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Case, type ConformanceOptions, conformance } from './index.ts'
import { shell } from './mutants/shell.ts'
import { registerCases } from './register.ts'

// The suite asks for nothing that a function does not do by itself, and for nothing that a wrapper could not do.
registerCases('conformance of no wrapper', (fn) => fn)
registerCases('conformance of a plain wrapper', shell())

const titleOf = ({ group, name }: Case): string => `${group}: ${name}`

function skipped(options: ConformanceOptions): Case[] {
  return conformance((fn) => fn, options).filter(({ skip }) => skip !== undefined)
}

const test = suite('conformance, the list of cases')

test('names every case once', () => {
  const titles = conformance((fn) => fn).map(titleOf)
  assert.equal(titles.length, new Set(titles).size)
})

test('leaves out groups and single cases, and says why', () => {
  const [one, other] = conformance((fn) => fn)
  const before = skipped({}).length
  assert.equal(skipped({ skip: [titleOf(one)] }).length, before + 1)
  const byGroup = skipped({ skip: [one.group] }).filter(({ group }) => group === one.group)
  assert.ok(byGroup.map(titleOf).includes(titleOf(other)))
  assert.ok(byGroup.every(({ skip }) => skip === 'left out by the options'))
})

test('skips what needs something that is refused', () => {
  const cases = skipped({ trapRejections: false, realm: false, document: false, memory100MB: false })
  for (const need of ['unhandledRejection', 'crossRealm', 'dom', 'memory100MB']) {
    assert.ok(
      cases.some(({ needs, skip }) => needs === need && skip === `needs ${need}`),
      need
    )
  }
})

test.run()
