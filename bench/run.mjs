import { parseArgs } from 'node:util'
import { print, save } from './_report.mjs'
import { present, versionOf } from './_runtimes.mjs'
import { buildPackage, installContenders } from './_setup.mjs'

const PARTS = [
  'wrap',
  'http',
  'memory',
  'import',
  'size',
  'files',
  'sqlite',
  'store',
  'budget',
  'context',
  'thread',
  'embedded',
  'compare'
]

const HELP = `npm run bench -- [part …] [options]

Parts: ${PARTS.join(', ')}; all of them by default.
  --runtime node,deno,bun   only these
  --quick                   short rounds, to see that it runs; too noisy to quote
  --save                    rewrite the measured sections of docs/performance.md, docs/sinks.md and docs/comparison.md
  --only ring,pino          wrap: only these contenders
  --workload ints,object    wrap: only these arguments
  --entry FILE              measure this build of nfo instead of dist/`

const list = (text) => text?.split(',')

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runtime: { type: 'string' },
      only: { type: 'string' },
      workload: { type: 'string' },
      entry: { type: 'string' },
      quick: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false }
    }
  })
  if (values.help) return console.log(HELP)
  const unknown = positionals.find((part) => !PARTS.includes(part))
  if (unknown) throw new Error(`[nfo] [bench] unknown part ${unknown}; use ${PARTS.join(', ')}`)
  const narrowing = ['quick', 'runtime', 'only', 'workload', 'entry'].find((name) => values[name])
  if (values.save && narrowing) {
    throw new Error(`[nfo] [bench] --save keeps whole runs of the built package; leave out --${narrowing}`)
  }
  const options = { ...values, runtime: list(values.runtime), only: list(values.only), workload: list(values.workload) }
  installContenders()
  if (!values.entry) buildPackage()
  const versions = await Promise.all(present(options.runtime).map(versionOf))
  console.log(versions.join(', '))
  for (const part of positionals.length > 0 ? positionals : PARTS) {
    const { title, page = 'performance.md', run } = await import(`./${part}.mjs`)
    const blocks = await run(options)
    print(title, blocks)
    if (values.save) save(part, page, blocks, versions)
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
