import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { starters } from '../runtimes/_children.ts'
import { apps } from './_apps.ts'
import { bundled } from './_bundled.ts'
import { checks, exercise } from './_exercise.ts'

/** What went wrong, by check. */
type Seen = Record<string, string | undefined>

const program = bundled(`
import process from 'node:process'
import { exercise } from './_exercise.ts'
const seen = {}
await exercise(process.argv[2], (check, error) => void (seen[check] = String(error?.stack ?? error)))
console.log(JSON.stringify(seen))
process.exit()
`)

/** The same on another runtime, in a child. */
async function exerciseOn(runtime: string, app: string): Promise<Seen> {
  const [command, ...args] = starters[runtime]
  const { stdout, stderr } = await promisify(execFile)(command, [...args, await program, app], { timeout: 25_000 })
  assert.not.match(stderr, /legacy|warn|\[nfo\]/i)
  return JSON.parse(stdout)
}

async function exerciseHere(app: string): Promise<Seen> {
  const seen: Seen = {}
  await exercise(app, (check, error) => void (seen[check] = String((error as Error)?.stack ?? error)))
  return seen
}

const everywhere = ['fetch', 'hono', 'elysia']
const onNode = ['node:http', 'express', 'fastify']
const expected: Record<string, string[]> = {
  node: [...everywhere, ...onNode],
  denoWithAll: everywhere,
  bun: [...everywhere, ...onNode, 'Bun.serve routes']
}

for (const [runtime, names] of Object.entries(expected)) {
  for (const app of names) {
    const test = suite(`${app} on ${runtime}`)
    let seen: Seen = {}

    test.before(async () => {
      seen = await (runtime === 'node' ? exerciseHere(app) : exerciseOn(runtime, app))
    })

    for (const check of Object.keys(checks)) {
      test(check, () => {
        assert.ok(check in seen, 'it did not run')
        assert.is(seen[check], 'undefined')
      })
    }

    test.run()
  }
}

const test = suite('http frameworks')

test('are all tried here that can be', () => assert.equal(Object.keys(apps), expected.node))

test.run()
