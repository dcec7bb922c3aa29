import { mapStack } from './stack.mjs'

const problemOf = {
  hangs: ({ last, stallMs }) => `said nothing for ${stallMs} ms, so it was killed, in: ${last ?? 'loading the tests'}`,
  lingers: () => 'still running long after its last test: something keeps the process alive'
}

const isFrame = (line) => /:\d+:\d+\)?$/.test(line)

/** Turns what a child did into counts and problems, so that nothing it did wrong goes unnoticed. */
export function outcomeOf(name, seen, { bundle, root, stallMs, grep }) {
  const { result, code, ended, output } = seen
  const framesOf = (stack) => mapStack(stack, bundle, root).split('\n').filter(isFrame).join('\n')
  const failures = (result?.failures ?? []).map((failure) => ({ ...failure, stack: framesOf(failure.stack) }))
  const problems = []
  if (ended) problems.push(problemOf[ended]({ ...seen, stallMs }))
  else if (!result) problems.push(`ended with ${code} and no result, in: ${seen.last ?? 'loading the tests'}`)
  else if (code !== 0 && failures.length === 0) problems.push(`ended with ${code} though every test passed`)
  if (result?.registered === 0 && !grep) problems.push('has no tests')
  for (const problem of problems) failures.push({ test: name, message: problem, stack: mapStack(output, bundle, root) })
  return {
    name,
    ms: seen.ms,
    registered: result?.registered ?? 0,
    passed: result?.passed ?? 0,
    skipped: result?.skipped ?? [],
    failures
  }
}

/** Every runtime has to register what the first one did: a test must not go missing on one of them. */
export function compareCounts(outcomes) {
  const [first, ...others] = outcomes.filter(({ registered }) => registered > 0)
  return others
    .filter(({ registered }) => registered !== first.registered)
    .map(({ name, registered }) => {
      const message = `registers ${registered} tests, ${first.name} registers ${first.registered}`
      return { test: name, message, stack: '' }
    })
}

/** The line of one outcome, then what failed in it. */
export function describe({ name, ms, passed, skipped, failures }) {
  const counts = `${passed} passed, ${failures.length} failed, ${skipped.length} skipped`
  const line = `${failures.length > 0 ? '✗' : '✓'} ${name.padEnd(34)} ${counts.padEnd(36)} ${(ms / 1000).toFixed(2)} s`
  return [line, ...reasons(skipped), ...failures.map((failure) => describeFailure(failure, name))].join('\n')
}

function reasons(skipped) {
  const counts = new Map()
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => `    skipped ${count}: ${reason}`)
}

export function describeFailure({ test, message, stack }, name = test) {
  const body = `${message}\n${stack}`
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line}`)
  return [`  FAIL ${test === name ? name : `${name}: ${test}`}`, ...body].join('\n').replace(ansi, '')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: uvu colours its differences
const ansi = /\u001b\[\d+m/g
