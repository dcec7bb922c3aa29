import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { starters } from '../runtimes/_children.ts'
import { buildPackage, writeApp } from './_app.ts'
import { APP } from './_fixtures.ts'

const built = await buildPackage({ auto: 'src/auto/index.ts', nfo: 'src/index.ts' })
const PACKAGE = {
  'node_modules/shapes/package.json': '{ "name": "shapes", "main": "index.js" }',
  'node_modules/shapes/index.js': 'exports.area = (width, height) => width * height',
  'use.cjs': "exports.use = () => require('shapes').area(4, 5)"
}
const folder = writeApp({
  ...APP,
  ...PACKAGE,
  'main.js': `import { getLogger } from ${JSON.stringify(join(built, 'nfo.js'))}
import { autoLogByName } from ${JSON.stringify(join(built, 'auto.js'))}
import { use } from './use.cjs'
const { modules, wrapped, skipped } = await autoLogByName('./live/*.mjs', '!**/main.mjs', 'shapes', { level: 'info' })
modules['live/live.mjs'].increase()
const recorded = getLogger().dump
console.log(JSON.stringify({ names: Object.keys(modules), wrapped, skipped, count: modules['live/live.mjs'].count, used: use(),
  recorded: recorded().map(({ module, functionName, level }) => [module, functionName, level].join(':')) }))
const nothing = await autoLogByName('./lib/**')
console.log(nothing.wrapped.length)
await autoLogByName('no-such-package').catch((error) => console.log(error.code))
`
})

for (const runtime of ['node', 'denoWithAll', 'bun']) {
  const test = suite(`autoLogByName, ${runtime}`)

  test('records files and packages by their names', () => {
    const [command, ...args] = starters[runtime]
    const { stdout, stderr } = spawnSync(command, [...args, 'main.js'], {
      cwd: folder,
      encoding: 'utf8',
      env: process.env
    })
    const [first, second, third] = stdout.split('\n')
    assert.ok(first, stderr)
    const { names, wrapped, skipped, count, used, recorded } = JSON.parse(first)
    assert.equal(names.sort(), ['live/await.mjs', 'live/live.mjs', 'shapes'])
    for (const name of ['shapes:area', 'live/live:increase', 'live/await:late']) assert.ok(wrapped.includes(name), name)
    assert.ok(skipped.some((one: { name: string }) => one.name === 'live/live:count'))
    // The copy's other exports are the module's, and a CommonJS package is recorded for all who use it.
    assert.equal([count, used, recorded], [1, 20, ['live/live:increase:info', 'shapes:area:info']])
    assert.equal([second, third], ['0', 'MODULE_NOT_FOUND'])
    assert.match(stderr, /^\[nfo\] \[autoLogByName\] nothing is recorded of \.\/lib\/\*\*; patterns start at .*\n$/)
  })

  test.run()
}
