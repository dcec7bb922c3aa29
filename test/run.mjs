import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { nodeWithSqlite } from './_run/binaries.mjs'
import { stopChildren } from './_run/child.mjs'
import { coverageByRoom } from './_run/coverage.mjs'
import { nodeJobs, portableJobs, typesJob } from './_run/jobs.mjs'
import { compareCounts, describe, describeFailure } from './_run/outcome.mjs'
import { runtimes } from './_run/runtimes.mjs'

const usage = `npm test -- [options] [part of a file name …]
  --only a,b       of ${[...Object.keys(runtimes), 'node-only', 'types'].join(' ')}
  --require-all    a runtime that is not here is a failure
  --grep PATTERN   only tests whose "file › suite › name" matches
  --coverage       print which share of the statements ran; --no-coverage does not, the default for a partial run
  --timeout MS     for one test (10000)
  --stall MS       kill a runtime that has said nothing for so long (30000)
  --tests DIR      where the tests are (test)
  --keep           leave the bundles in .build`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    only: { type: 'string' },
    'require-all': { type: 'boolean', default: false },
    grep: { type: 'string', default: '' },
    coverage: { type: 'boolean' },
    timeout: { type: 'string', default: '10000' },
    stall: { type: 'string', default: '30000' },
    tests: { type: 'string', default: 'test' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

const root = resolve(import.meta.dirname, '..')
const tests = resolve(root, values.tests)

function filesUnder(folder, ending) {
  if (!existsSync(folder)) return []
  const all = readdirSync(folder, { recursive: true }).map((name) => join(folder, name))
  return all.filter((file) => file.endsWith(ending)).sort()
}

function chosen(ending) {
  const names = positionals.map((part) => part.replaceAll('/', sep))
  return filesUnder(tests, ending).filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
}

async function collect(setup) {
  const known = [...Object.keys(runtimes), 'node-only', 'types']
  const wanted = values.only?.split(',') ?? known
  const unknown = wanted.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`--only knows ${known.join(' ')}, not ${unknown.join(' ')}`)
  const portable = chosen('.test.ts')
  const names = portable.length > 0 ? Object.keys(runtimes).filter((name) => wanted.includes(name)) : []
  const { jobs, missing } = await portableJobs(portable, names, setup)
  const onNode = wanted.includes('node-only') ? nodeJobs(chosen('.node.ts'), setup) : []
  if (onNode.length > 0) {
    const { path, missing: reason } = nodeWithSqlite(root)
    // The tests that need it read this, and skip without it.
    if (path) process.env.NFO_NODE = path
    else missing.push({ name: 'a Node with node:sqlite', missing: reason })
  }
  const withTypes = wanted.includes('types') && positionals.length === 0 && !setup.grep
  const onTypes = withTypes ? [typesJob(filesUnder(join(tests, 'types'), '.ts'), setup)] : []
  return { jobs: [...jobs, ...onNode, ...onTypes], missing }
}

/** Two at a time: the machine stays responsive, and so do the tests that watch the clock. */
async function runJobs(jobs) {
  const queue = [...jobs]
  const outcomes = new Map()
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const outcome = await job.run(job.name).catch((error) => broken(job.name, error))
      outcomes.set(job, outcome)
      console.log(describe(outcome))
    }
  }
  await Promise.all([worker(), worker()])
  return jobs.map((job) => ({ kind: job.kind, ...outcomes.get(job) }))
}

const broken = (name, { message, stack, errors }) => ({
  name,
  ms: 0,
  registered: 0,
  passed: 0,
  skipped: [],
  failures: [{ test: name, message, stack: errors ? '' : stack }]
})

function judge(outcomes, missing, grep) {
  const wrong = compareCounts(outcomes.filter(({ kind }) => kind === 'portable'))
  if (outcomes.every(({ registered, failures }) => registered + failures.length === 0)) {
    wrong.push({ test: 'npm test', message: grep ? `nothing matches ${grep}` : 'found no tests', stack: '' })
  }
  for (const { name, missing: reason } of missing) {
    console.log(`- ${name}: ${reason}`)
    if (values['require-all']) wrong.push({ test: name, message: `is required, and ${reason}`, stack: '' })
  }
  for (const failure of wrong) console.log(describeFailure(failure))
  const sum = (count) => outcomes.reduce((total, outcome) => total + count(outcome), 0)
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failures }) => failures.length) + wrong.length,
    skipped: sum(({ skipped }) => skipped.length)
  }
}

async function main() {
  if (values.help) return console.log(usage)
  mkdirSync(join(root, '.build'), { recursive: true })
  const built = mkdtempSync(join(root, '.build', 'run-'))
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'nfo-test-')))
  const isWhole = !values.only && !values.grep && positionals.length === 0
  const coverage = (values.coverage ?? isWhole) ? join(temporary, 'coverage') : ''
  const timing = { timeoutMs: Number(values.timeout), stallMs: Number(values.stall) }
  const setup = { root, tests, built, temporary, coverage, grep: values.grep, ...timing }
  const cleanUp = () => {
    stopChildren()
    rmSync(temporary, { recursive: true, force: true })
    if (!values.keep) rmSync(built, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      cleanUp()
      process.kill(process.pid, signal)
    })
  }
  try {
    const { jobs, missing } = await collect(setup)
    const outcomes = await runJobs(jobs)
    const { passed, failed, skipped } = judge(outcomes, missing, values.grep)
    if (coverage) printCoverage(setup)
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
    process.exitCode = failed > 0 ? 1 : 0
  } finally {
    cleanUp()
  }
}

function printCoverage(setup) {
  const sources = filesUnder(join(root, 'src'), '.ts').filter((file) => !file.endsWith('.d.ts'))
  console.log(['coverage of statements, Node runs', ...coverageByRoom({ ...setup, sources })].join('\n'))
}

await main()
