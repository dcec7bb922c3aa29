import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { conformance } from './index.ts'
import { mutants } from './mutants/index.ts'
import { killersOf, titleOf } from './mutants/killers.ts'

const test = suite('conformance, wraps that are wrong')
const killed = new Set<string>()

for (const mutant of mutants) {
  const { name, kills, groups = [] } = mutant
  test(`is caught: ${name}`, async () => {
    const killers = await killersOf(mutant, new Set([...kills.map((kill) => kill.split(': ', 1)[0]), ...groups]))
    for (const title of killers) killed.add(title)
    const missed = kills.filter((kill) => !killers.includes(kill))
    assert.ok(kills.length > 0, 'it names cases')
    assert.equal(missed, [], 'cases that it should fail and does not')
  })
}

// The cases that need a page are left to mutants.test.ts, which runs in browsers too.
test('every case is failed by one of them', () => {
  const cases = conformance((fn) => fn, { memory100MB: true }).filter(({ skip }) => skip === undefined)
  const unproven = cases.map(titleOf).filter((title) => !killed.has(title))
  assert.equal(unproven, [])
})

test.run()
