import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fromJson } from '../../src/formats/json.ts'
import { scratch } from '../_run/runtime.ts'
import { linesOf } from '../runtimes/_children.ts'
import { buildPackage, preloads, writeApp } from './_app.ts'

const built = await buildPackage({ register: 'src/register.ts', empty: 'test/auto/_empty.ts' })

/** What uses each package as its readme shows it, and functions that have to be among the recorded. */
const PACKAGES: Record<string, { file: string; code: string; recorded: string[] }> = {
  // ES modules, with classes that are written as functions.
  commonmark: {
    file: 'app.mjs',
    code: `import { HtmlRenderer, Parser, XmlRenderer } from 'commonmark'
const tree = new Parser({ smart: true }).parse('# Title\\n\\n* one *two* "three"\\n* [four](five)\\n\\n    code')
const walker = tree.walker()
const types = []
for (let event = walker.next(); event; event = walker.next()) types.push(event.node.type)
console.log(new HtmlRenderer().render(tree), new XmlRenderer().render(tree), types.join(' '), tree.constructor.name)`,
    recorded: [
      'lib/common:escapeXml',
      'lib/inlines:InlineParser',
      'lib/node:Node.walker',
      'lib/render/html:HtmlRenderer.link'
    ]
  },
  // CommonJS, with classes and functions that are the exports themselves.
  semver: {
    file: 'app.cjs',
    code: `const semver = require('semver')
console.log(semver.satisfies('1.2.3', '1.x || >=2.5.0 || 5.0.0 - 7.2.3'), semver.inc('1.2.3-beta.1', 'minor'),
  semver.coerce('v3.4 replaces v3.3.1').version, semver.sort(['2.0.0', '1.10.0', '1.9.0']), semver.minVersion('>1.0'),
  semver.intersects('^1.2', '~1.3'), new semver.Range('^1') instanceof semver.Range, Object.keys(semver).length)
try { new semver.SemVer('nope') } catch (error) { console.log(error.name, error.message) }`,
    recorded: [
      'functions/satisfies:satisfies',
      'functions/inc:inc',
      'classes/semver:SemVer.inc',
      'classes/range:Range.test'
    ]
  },
  // An ES module of 12,000 lines.
  'fast-check': {
    file: 'app.mjs',
    code: `import fc from 'fast-check'
const isSorted = (list) => list.every((value, i) => i === 0 || list[i - 1] <= value)
fc.assert(fc.property(fc.array(fc.integer()), (list) => isSorted([...list].sort((a, b) => a - b))), { seed: 1, numRuns: 30 })
const failed = fc.check(fc.property(fc.string(), (text) => text.length < 3), { seed: 42 })
console.log(failed.failed, failed.counterexample, failed.numShrinks)
console.log(JSON.stringify(fc.sample(fc.tuple(fc.emailAddress(), fc.date()), { seed: 3, numRuns: 3 })))
await fc.assert(fc.asyncProperty(fc.scheduler(), async (scheduler) => {
  const value = scheduler.schedule(Promise.resolve(1))
  await scheduler.waitAll()
  return (await value) === 1
}), { seed: 5, numRuns: 5 })`,
    recorded: ['lib/fast-check:check', 'lib/fast-check:integer', 'lib/fast-check:Stream.map', 'lib/fast-check:sample']
  }
}

for (const [name, { file, code, recorded }] of Object.entries(PACKAGES)) {
  const test = suite(`register, ${name}`)
  const packages = join(process.cwd(), 'node_modules')
  if (!existsSync(join(packages, name))) {
    console.log(`${name} is skipped: not installed`)
    continue
  }
  for (const runtime of ['node', 'node24'].filter((one) => one === 'node' || process.env.NFO_NODE)) {
    test(`${runtime}: does the same, and is recorded`, () => {
      // Below the packages' folder, where they are found.
      const folder = writeApp({ [file]: code })
      const run = (
        preload: string,
        env: Record<string, string>
      ): { stdout: string; stderr: string; status: number | null } => {
        const [command, ...args] = preloads[runtime](join(built, preload))
        return spawnSync(command, [...args, file], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } })
      }
      spawnSync('ln', ['-s', packages, join(folder, 'node_modules')])
      const lines = scratch('lines.jsonl')
      const plain = run('empty.js', {})
      const { stdout, stderr, status } = run('register.js', { NFO_AUTO: name, NFO_SINKS: `json:${lines}` })
      assert.equal([plain.status, plain.stderr], [0, ''])
      assert.is(stdout, plain.stdout)
      assert.equal([stderr, status], ['', 0])
      const names = new Set(
        linesOf(lines)
          .map(fromJson)
          .map((entry) => `${entry.module}:${entry.functionName}`)
      )
      const missing = recorded.filter((one) => ![...names].some((full) => full.endsWith(`/${one}`)))
      assert.equal(missing, [], [...names].join('\n'))
      assert.ok(names.size > 10)
    })
  }
  test.run()
}
