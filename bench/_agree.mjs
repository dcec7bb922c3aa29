import { isDeepStrictEqual } from 'node:util'
import { workloads } from './_workloads.mjs'
import { collector } from './contenders/_destinations.mjs'
import { createContender } from './contenders/index.mjs'

const nested = () => ({ id: 42, name: 'order 42', tags: ['new', 'paid'], nested: { x: 42.5, y: [1, 2, 3] } })

function refuse(amount) {
  throw new RangeError(`too large: ${amount}`)
}

/** Calls whose record is known. The object is changed after its call: what was passed is what must be kept. */
const cases = [
  { name: 'add', fn: workloads.ints.fn, args: () => [1, 7], result: 8 },
  { name: 'addFloats', fn: workloads.floats.fn, args: () => [1.5, 7.25], result: 8.75 },
  { name: 'measure', fn: workloads.string.fn, args: () => ['item-10000'], result: 10 },
  { name: 'describe', fn: workloads.object.fn, args: () => [nested()], result: 42 },
  { name: 'later', fn: workloads.async.fn, args: () => [5], result: 5 },
  { name: 'refuse', fn: refuse, args: () => [9], exceptionType: 'RangeError', exception: 'too large: 9' }
]

/** Runs the known calls through a contender and says how its records differ from them; an empty list is agreement. */
export async function disagreements(id, entry) {
  return disagreementsOf(await createContender(id, { destination: collector(), entry }))
}

export async function disagreementsOf(contender) {
  for (const known of cases) await callOnce(contender, known)
  await contender.flush?.()
  await contender.finish?.()
  const records = contender.records()
  const expected = contender.silent ? [] : cases
  const found = records.filter((record) => !contender.silent || record.level !== 'error')
  if (found.length !== expected.length) return [`${found.length} records of ${expected.length}`]
  return expected.flatMap((known) =>
    compare(
      known,
      found.find((record) => record.functionName === known.name)
    )
  )
}

async function callOnce(contender, { fn, name, args, result, exception }) {
  const passed = args()
  const wrapped = contender.wrap(fn, name)
  try {
    const returned = await wrapped(...passed)
    if (returned !== result) throw new Error(`${name} returned ${returned}, not ${result}`)
  } catch (error) {
    if (error.message !== exception) throw error
  }
  if (typeof passed[0] === 'object') Object.assign(passed[0], { id: -1, tags: [], nested: null })
}

function compare(known, record) {
  if (record === undefined) return [`${known.name}: not recorded`]
  const level = known.exception === undefined ? 'info' : 'error'
  const expected = {
    level,
    args: known.args(),
    result: known.result,
    exceptionType: known.exceptionType,
    exception: known.exception
  }
  const wrong = Object.keys(expected).filter((key) => !isDeepStrictEqual(plain(record[key]), expected[key]))
  if (!(record.durationMs >= 0 && record.durationMs < 1000)) wrong.push('durationMs')
  return wrong.map(
    (key) => `${known.name}: ${key} is ${JSON.stringify(record[key])}, not ${JSON.stringify(expected[key])}`
  )
}

/** Objects decoded without a prototype are as good as any. */
const plain = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))
