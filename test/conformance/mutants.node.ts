import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Case, conformance } from './index.ts'
import { type Mutant, mutants } from './mutants/index.ts'

const options = { memory100MB: true }
const titleOf = ({ group, name }: Case): string => `${group}: ${name}`
const killed = new Set<string>()

/** What keeps a case waiting for good has failed too. */
function inTime(running: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, 300, new Error('did not end'))
  })
  return Promise.race([running, late]).finally(() => clearTimeout(timer))
}

async function isKilledBy({ run }: Case): Promise<boolean> {
  try {
    await inTime((async () => run())())
    return false
  } catch {
    return true
  }
}

async function killersOf({ wrap, kills, groups = [] }: Mutant): Promise<string[]> {
  const wanted = new Set([...kills.map((kill) => kill.split(': ', 1)[0]), ...groups])
  const found: string[] = []
  for (const one of conformance(wrap, options)) {
    if (one.skip === undefined && wanted.has(one.group) && (await isKilledBy(one))) found.push(titleOf(one))
  }
  return found
}

/** A mutant leaves rejections behind, and some of them print. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { log } = console
  const harness = globalThis as { __expectRejections?: number }
  harness.__expectRejections = (harness.__expectRejections ?? 0) + 1
  console.log = () => {}
  try {
    return await run()
  } finally {
    console.log = log
    await new Promise((resolve) => setTimeout(resolve, 5))
    harness.__expectRejections -= 1
  }
}

const test = suite('conformance, wraps that are wrong')

for (const mutant of mutants) {
  test(`is caught: ${mutant.name}`, async () => {
    const killers = await quietly(() => killersOf(mutant))
    for (const title of killers) killed.add(title)
    assert.ok(mutant.kills.length > 0, 'it names cases')
    assert.equal(
      mutant.kills.filter((kill) => !killers.includes(kill)),
      [],
      'cases that it should fail and does not'
    )
  })
}

// Cases that need the DOM do not run here; nothing else is left out.
test('every case is failed by one of them', () => {
  const cases = conformance((fn) => fn, options).filter(({ skip }) => skip === undefined)
  assert.equal(
    cases.map(titleOf).filter((title) => !killed.has(title)),
    []
  )
})

test.run()
