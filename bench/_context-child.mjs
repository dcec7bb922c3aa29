import { AsyncLocalStorage } from 'node:async_hooks'
import process from 'node:process'
import { median } from './_stats.mjs'

const { entry, quick } = JSON.parse(process.argv[2])
const { silence, withContext, wrap } = await import(entry)
const CALLS = quick ? 20_000 : 200_000
const ROUNDS = quick ? 5 : 15

const add = (one, two) => one + two
function floor(one, two) {
  const start = performance.now()
  const sum = add(one, two)
  floor.last = performance.now() - start
  return sum
}

// A loop of its own for each, so that none spoils the inline caches of another.
const looper = () =>
  new Function('fn', 'count', 'let sum = 0; for (let i = 0; i < count; i++) sum += fn(i, 7); return sum')

function timer(fn, within = (task) => task()) {
  const loop = looper()
  const run = (count) => {
    const start = performance.now()
    const sum = within(() => loop(fn, count))
    if (sum !== (count * (count - 1)) / 2 + 7 * count) throw new Error(`wrong sum ${sum}`)
    return performance.now() - start
  }
  run(CALLS)
  return () => run(CALLS)
}

/** Each round is set against the floor measured right before it. */
function ratio(measured) {
  const clock = timer(floor)
  return median(
    Array.from({ length: ROUNDS }, () => {
      const base = clock()
      return measured() / base
    })
  )
}

const before = ratio(timer(wrap(add, 'before')))
withContext({}, () => {})
const fields = { requestId: 'r-1', path: '/users' }
const storage = new AsyncLocalStorage()
const around = (one, two) => storage.run(one, () => add(one, two))
const answer = {
  before,
  outside: ratio(timer(wrap((one, two) => add(one, two), 'outside'))),
  inside: ratio(
    timer(
      wrap((one, two) => add(one, two), 'inside'),
      (task) => withContext(fields, task)
    )
  ),
  silent: ratio(
    timer(
      wrap((one, two) => add(one, two), 'silent'),
      silence
    )
  ),
  run: ratio(timer(around))
}
console.log(JSON.stringify(answer))
process.exit(0)
